const MARGIN = 12;

// Puts an element at the top of the panel that scrolls it. The browser's own scrollIntoView goes on to scroll everything
// around the panel, too, which moves the whole screen out of place.
export function scrollPanelTo(element, behavior = "auto") {
  const panel = panelOf(element);
  if (!panel) return;
  panel.scrollBy({ top: element.getBoundingClientRect().top - panel.getBoundingClientRect().top, behavior });
}

// Scrolls the panel only as far as is needed to see all of an element.
export function showInPanel(element) {
  const panel = panelOf(element);
  if (!panel) return;
  const [own, around] = [element.getBoundingClientRect(), panel.getBoundingClientRect()];
  const below = own.bottom + MARGIN - around.bottom;
  if (below > 0) panel.scrollBy({ top: below });
  else if (own.top < around.top) panel.scrollBy({ top: own.top - MARGIN - around.top });
}

function panelOf(element) {
  let panel = element.parentElement;
  while (panel && !/auto|scroll/.test(getComputedStyle(panel).overflowY)) panel = panel.parentElement;
  return panel;
}
