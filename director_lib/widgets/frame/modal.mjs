// A sheet that covers the page keeps the keyboard: Tab goes round inside it.

const REACHABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex='0']";

function stopsOf(sheet) {
  const seen = [...sheet.querySelectorAll(REACHABLE)].filter((one) => one.tabIndex >= 0 && one.getClientRects().length);
  // Of radio buttons of one name only the chosen one is a stop.
  return seen.filter((one) => one.type !== "radio" || one.checked || !seen.some((other) => other.type === "radio" && other.name === one.name && other.checked));
}

export function keepTab(event) {
  if (event.key !== "Tab") return;
  const stops = stopsOf(event.currentTarget);
  if (!stops.length) { event.preventDefault(); return; }
  const at = stops.indexOf(document.activeElement);
  const leaves = event.shiftKey ? at <= 0 : at === stops.length - 1;
  if (!leaves) return;
  event.preventDefault();
  stops[event.shiftKey ? stops.length - 1 : 0].focus();
}
