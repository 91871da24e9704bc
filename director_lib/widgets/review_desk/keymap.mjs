// Which action a key press means on the review desk. In a text field only Esc, Enter and the key that saves are the desk's.

import { actionOfKey, keyName } from "../frame/key_actions.mjs";

const ARROWS = { Left: ["left", -1], Right: ["right", 1], Up: ["up", 0], Down: ["down", 0] };
const TEXT_TYPES = new Set(["", "text", "search", "number", "email", "password", "url", "tel"]);

export function isTextField(element) {
  if (!element || !element.tagName) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && TEXT_TYPES.has(element.type || "");
}

// A key pressed on a button that was reached by keyboard is the button's; after a mouse click it is the desk's.
export function ownsKey(element, key) {
  if (!element || !element.closest) return false;
  const control = element.closest("button, a[href], summary, input[type=checkbox]");
  if (!control || (key !== " " && key !== "enter")) return false;
  return key === "enter" || control.matches(":focus-visible");
}

// Returns the action's name, or null. `place` is "grid" or "desk": where the arrows work on a page of clips; `chosen` has
// the keys that the person changed.
export function actionFor(event, { kind, place, typing, chosen = {} }) {
  const name = keyName(event);
  if (!name) return null;
  if (name === "Esc") return "close";
  const action = actionOfKey(name, chosen);
  if (typing) return action && action.name === "savePrompt" && name.startsWith("Ctrl+") ? action.name : null;
  if (ARROWS[name]) return arrowAction(name, kind, place);
  return action && (!action.only || action.only === kind) ? action.name : null;
}

function arrowAction(name, kind, place) {
  const [direction, step] = ARROWS[name];
  if (kind === "video" && place === "desk" && step) return step < 0 ? "frameBack" : "frameOn";
  return direction;
}
