// Which key does what in a list of tasks.

const ON_A_ROW = { Delete: "cancel", Backspace: "cancel", Enter: "open", l: "lines", r: "retry" };

// What a key pressed in a task's row does to that task; null for keys that are somebody else's.
export function taskKey(event) {
  if (event.ctrlKey || event.metaKey) return null;
  if (event.altKey) {
    if (event.key === "ArrowUp") return event.shiftKey ? "front" : "up";
    if (event.key === "ArrowDown") return event.shiftKey ? "end" : "down";
    return null;
  }
  if (event.target !== event.currentTarget || event.shiftKey || event.repeat) return null;
  return ON_A_ROW[event.key.length === 1 ? event.key.toLowerCase() : event.key] || null;
}

const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

// Moves the focus from a task's row to another one in the same list, or from outside of any row into the list; tells
// whether the key did that. Inside a row the arrows are its own: lines are scrolled with them.
export function stepThroughRows(event, list) {
  const row = event.target.closest("[data-testid=task-row]");
  if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  if (row ? row !== event.target : event.target.closest("input, textarea, select")) return false;
  const rows = [...list.querySelectorAll("[data-testid=task-row]")];
  const at = Math.max(0, Math.min(rows.indexOf(row) + STEPS[event.key], rows.length - 1));
  if (!rows[at]) return false;
  rows[at].focus();
  return true;
}

export const TASK_KEYS = [
  { title: "Tasks", keys: [
    { keys: ["↑", "↓"], does: "Next task" },
    { keys: ["Home", "End"], does: "First, last task" },
    { keys: ["Tab"], does: "To the task's buttons" },
    { keys: ["Enter"], does: "Open it on the desk" },
    { keys: ["L"], does: "Show or hide what its program says" },
    { keys: ["R"], does: "Retry a failed task" },
    { keys: ["Delete"], does: "Cancel" },
  ] },
  { title: "The queue", keys: [
    { keys: ["Alt", "↑"], does: "Earlier" },
    { keys: ["Alt", "↓"], does: "Later" },
    { keys: ["Alt", "Shift", "↑"], does: "To the front" },
    { keys: ["Alt", "Shift", "↓"], does: "To the end" },
    { keys: ["P"], does: "Pause or resume the queue" },
    { keys: ["?"], does: "This help" },
  ] },
];
