// What can be done by key: each action's name, its key unless a person chose another, and what it does. The keys are the
// same as in director_lib/domain/keymap.py, which checks what people choose.

const act = (name, key, does, more = {}) => ({ name, key, does, ...more });
const fixed = (keys, does, more = {}) => ({ keys, does, ...more });

export const KEY_GROUPS = [
  { title: "Deciding", lines: [
    act("approve", "Space", "Approve, go to the next undecided"),
    act("approveWithNotes", "A", "Approve with notes"),
    act("askChanges", "Q", "Ask for changes, with a note"),
    act("regenerate", "R", "Regenerate"),
    act("undo", "Z", "Undo the last decision or regeneration"),
    act("redo", "Shift+Z", "Do again what was undone last"),
  ] },
  { title: "Moving and selecting", lines: [
    act("next", "N", "Next segment"),
    act("previous", "P", "Previous segment"),
    fixed(["←", "→", "↑", "↓"], "Move in the grid"),
    act("select", "X", "Select or unselect the segment"),
    act("selectRange", "Shift+X", "Select up to the segment"),
    act("selectAll", "Ctrl+A", "Select all that are shown"),
    act("versions", "V", "Versions; ← → to look, Enter to make current"),
    act("fullScreen", "F", "Full screen"),
    act("help", "?", "Keys and help"),
  ] },
  { title: "All selected", lines: [
    act("approveSelected", "Shift+A", "Approve all selected"),
    act("regenerateSelected", "Shift+R", "Regenerate all selected"),
    act("commentSelected", "Shift+C", "Comment on all selected"),
    act("presetSelected", "Shift+P", "Choose a preset for all selected"),
  ] },
  { title: "Writing", lines: [
    act("editPrompt", "E", "Edit the prompt"),
    act("promptHistory", "H", "History of the prompts"),
    act("comment", "C", "Comment"),
    fixed(["Enter"], "Edit in the grid; save or send what you write"),
    fixed(["Shift", "Enter"], "New line"),
    act("savePrompt", "Ctrl+S", "Save an open prompt"),
    fixed(["Esc"], "Close or cancel"),
  ] },
  { title: "Comparing and making", lines: [
    act("compare", "D", "Compare with the version before"),
    act("sideBySide", "S", "Compare side by side"),
    act("wipe", "W", "Compare by a wipe"),
    act("flip", "`", "Flip between the two"),
    act("difference", "Shift+D", "Show what differs"),
    act("offsetBack", "<", "Shift the left clip a frame earlier"),
    act("offsetOn", ">", "Shift the left clip a frame later"),
    act("similar", "G", "Generate similar"),
    act("variants", "B", "Variants"),
    act("pick1", "1", "Pick the first variant"),
    act("pick2", "2", "Pick the second variant"),
    act("pick3", "3", "Pick the third variant"),
    act("pick4", "4", "Pick the fourth variant"),
  ] },
  { title: "The film", lines: [
    act("neighbours", "T", "Show the stills before and after"),
    act("cut", "U", "The cut to the next segment"),
    act("film", "M", "Play the film from here; Space pauses, N and P go on and back"),
    act("contactSheet", "Y", "Save a contact sheet"),
  ] },
  { title: "Playing", only: "video", lines: [
    act("play", "L", "Play"),
    act("pause", "K", "Pause"),
    act("playBack", "J", "Play back"),
    act("slower", "[", "Slower"),
    act("faster", "]", "Faster"),
    act("loop", "O", "Loop"),
    act("sound", "I", "Sound"),
    fixed(["←", "→"], "Step a frame, with the clip in focus"),
  ] },
];

export const KEY_ACTIONS = KEY_GROUPS.flatMap((group) => group.lines.filter((line) => line.name).map((line) => ({ ...line, only: group.only })));

const NAMES = { " ": "Space", Escape: "Esc", ArrowLeft: "Left", ArrowRight: "Right", ArrowUp: "Up", ArrowDown: "Down" };
const NEEDED = new Set(["Esc", "Enter", "Tab", "Left", "Right", "Up", "Down"]);
// The combinations with Ctrl that no browser keeps for itself.
const FREE_WITH_CTRL = new Set(["Ctrl+A", "Ctrl+S", "Ctrl+B", "Ctrl+M"]);
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

// On a layout of other letters the key is told by its place.
function letterOf({ key, code }) {
  const latin = /^\p{Script=Latin}$/u.test(key);
  const place = /^Key([A-Z])$/.exec(code || "");
  if (!latin) return place ? place[1] : key.toUpperCase();
  const upper = key.toUpperCase();
  return upper.length === 1 ? upper : key;
}

// The name of the key that was pressed, such as "R", "Shift+Z", "Ctrl+S" or "?"; null for what can never be an action's.
export function keyName(event) {
  if (MODIFIERS.has(event.key)) return null;
  const asCharacter = Boolean(event.getModifierState && event.getModifierState("AltGraph"));
  if (event.altKey && !asCharacter) return null;
  const letter = /^\p{L}$/u.test(event.key);
  const name = letter ? letterOf(event) : NAMES[event.key] || event.key;
  const shift = event.shiftKey && (letter || name.length > 1) ? "Shift+" : "";
  const ctrl = (event.ctrlKey || event.metaKey) && !asCharacter ? "Ctrl+" : "";
  return ctrl + shift + name;
}

// Every action's key for one person; what they did not change is as it was.
export function keysOf(chosen = {}) {
  return Object.fromEntries(KEY_ACTIONS.map(({ name, key }) => [name, chosen[name] || key]));
}

export function actionOfKey(name, chosen = {}) {
  const keys = keysOf(chosen);
  return KEY_ACTIONS.find((action) => keys[action.name] === name) || null;
}

// Why nobody may give this key to an action; empty when they may.
export function whyNotKey(name) {
  const last = name.split("+").pop();
  if (NEEDED.has(name) || NEEDED.has(last)) return `${keyText(name)} is needed to move, to leave or to send.`;
  if (name.startsWith("Ctrl+") && !FREE_WITH_CTRL.has(name)) return `${keyText(name)} belongs to the browser.`;
  if (name !== "Space" && [...last].length > 1) return `${keyText(name)} belongs to the browser.`;
  return "";
}

export function keyParts(name) {
  return name.split(/\+(?=.)/u).map((part) => ({ Left: "←", Right: "→", Up: "↑", Down: "↓" }[part] || part));
}

export function keyText(name) {
  return keyParts(name).join(" ");
}

// What the help sheet lists: the actions that this screen has, with the person's own keys.
export function helpOf(kind, chosen, has) {
  const keys = keysOf(chosen);
  const shown = (group) => ({
    title: group.title,
    keys: group.lines.filter((line) => !line.name || has(line.name)).map(({ name, keys: always, does }) => ({ keys: name ? keyParts(keys[name]) : always, does })),
  });
  return KEY_GROUPS.filter((group) => !group.only || group.only === kind).map(shown).filter((group) => group.keys.length);
}
