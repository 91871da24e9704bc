// Which key does what on the review desk. In a text field only Esc, Enter and Ctrl S are the desk's.

const KEYS = {
  " ": "approve", r: "regenerate", n: "next", p: "previous", v: "versions", a: "approveWithNotes",
  e: "editPrompt", c: "comment", z: "undo", f: "fullScreen", h: "promptHistory", "?": "help", escape: "close",
};
const VIDEO_KEYS = { j: "playBack", k: "pause", l: "play" };
const ARROWS = { arrowleft: ["left", -1], arrowright: ["right", 1], arrowup: ["up", 0], arrowdown: ["down", 0] };
const TEXT_TYPES = new Set(["", "text", "search", "number", "email", "password", "url", "tel"]);

export function isTextField(element) {
  if (!element || !element.tagName) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && TEXT_TYPES.has(element.type || "");
}

// A key pressed on a button that was reached by keyboard is the button's; after a mouse click it is the desk's.
export function ownsKey(element, key) {
  if (!element || !element.closest) return false;
  const control = element.closest("button, a[href], summary");
  if (!control || (key !== " " && key !== "enter")) return false;
  return key === "enter" || control.matches(":focus-visible");
}

// Returns the action's name, or null. `place` is "grid" or "desk": where the arrows work on a page of clips.
export function actionFor(event, { kind, place, typing }) {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) return key === "s" ? "savePrompt" : null;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (typing) return key === "escape" ? "close" : null;
  if (ARROWS[key] && !event.shiftKey) return arrowAction(key, kind, place);
  if (event.shiftKey && key === "z") return "redo";
  if (event.shiftKey && key !== "?") return null;
  return KEYS[key] || (kind === "video" && VIDEO_KEYS[key]) || null;
}

function arrowAction(key, kind, place) {
  const [direction, step] = ARROWS[key];
  if (kind === "video" && place === "desk" && step) return step < 0 ? "frameBack" : "frameOn";
  return direction;
}

const KEY_HELP = [
  { title: "Deciding", keys: [
    { keys: ["Space"], does: "Approve, go to the next undecided" },
    { keys: ["A"], does: "Approve with notes" },
    { keys: ["R"], does: "Regenerate" },
    { keys: ["Z"], does: "Undo the last decision or regeneration" },
    { keys: ["Shift", "Z"], does: "Do again what was undone last" },
  ] },
  { title: "Moving", keys: [
    { keys: ["N", "P"], does: "Next, previous segment" },
    { keys: ["←", "→", "↑", "↓"], does: "Move in the grid" },
    { keys: ["V"], does: "Versions; ← → to look, Enter to make current" },
    { keys: ["F"], does: "Full screen" },
  ] },
  { title: "Writing", keys: [
    { keys: ["E"], does: "Edit the prompt" },
    { keys: ["H"], does: "History of the prompts" },
    { keys: ["C"], does: "Comment" },
    { keys: ["Enter"], does: "Save what you write" },
    { keys: ["Shift", "Enter"], does: "New line" },
    { keys: ["Ctrl", "S"], does: "Save an open prompt" },
    { keys: ["Esc"], does: "Close or cancel" },
  ] },
];
const VIDEO_HELP = { title: "Playing", keys: [
  { keys: ["L"], does: "Play" }, { keys: ["K"], does: "Pause" }, { keys: ["J"], does: "Play back" },
  { keys: ["←", "→"], does: "Step a frame, with the clip in focus" },
] };

export function keyHelp(kind) {
  return kind === "video" ? [...KEY_HELP, VIDEO_HELP] : KEY_HELP;
}
