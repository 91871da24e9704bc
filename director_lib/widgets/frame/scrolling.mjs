// Puts an element at the top of the panel that scrolls it. The browser's own scrollIntoView goes on to scroll everything
// around the panel, too, which moves the whole screen out of place.
export function scrollPanelTo(element, behavior = "auto") {
  let panel = element.parentElement;
  while (panel && !/auto|scroll/.test(getComputedStyle(panel).overflowY)) panel = panel.parentElement;
  if (!panel) return;
  panel.scrollBy({ top: element.getBoundingClientRect().top - panel.getBoundingClientRect().top, behavior });
}
