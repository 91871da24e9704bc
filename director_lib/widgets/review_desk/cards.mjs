// Lists of cards: what a filter or a search leaves, where to go next, and changes that are not confirmed yet.

const APPROVED = new Set(["approved", "approved_with_notes"]);
const CHANGES = new Set(["adjust_prompt", "regenerate"]);

export const FILTERS = [
  { id: "all", label: "All", has: () => true },
  { id: "undecided", label: "Undecided", has: (card) => card.decision === "undecided" },
  { id: "approved", label: "Approved", has: (card) => APPROVED.has(card.decision) },
  { id: "changes", label: "Changes asked", has: (card) => CHANGES.has(card.decision) },
  { id: "stale", label: "Stale", has: (card) => card.stale.length > 0 },
  { id: "failed", label: "Failed", has: (card) => isFailed(card) },
  { id: "comments", label: "With comments", has: (card) => card.comments_open > 0 },
];

export function isApproved(card) {
  return APPROVED.has(card.decision);
}

export function isFailed(card) {
  return Boolean(card.task) && (card.task.state === "failed" || card.task.state === "unknown");
}

export function isBeingMade(card) {
  return Boolean(card.task) && (card.task.state === "queued" || card.task.state === "running");
}

export function countFilters(cards) {
  return Object.fromEntries(FILTERS.map((filter) => [filter.id, cards.filter(filter.has).length]));
}

export function filterCards(cards, filterId, query) {
  const filter = FILTERS.find((known) => known.id === filterId) || FILTERS[0];
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  const holds = (card) => {
    const text = `${card.segment_id} ${card.title} ${card.image_prompt} ${card.motion_prompt} ${card.represents}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return cards.filter((card) => filter.has(card) && (!words.length || holds(card)));
}

// The next card to judge after this one, from the top again at the end; null when none is left.
export function nextUndecided(cards, segmentId) {
  const here = cards.findIndex((card) => card.segment_id === segmentId);
  const waits = (card) => card.segment_id !== segmentId && card.version && card.decision === "undecided" && !isBeingMade(card);
  return cards.slice(here + 1).find(waits) || cards.slice(0, Math.max(here, 0)).find(waits) || null;
}

// The card `step` places further; the ends hold.
export function neighbour(cards, segmentId, step) {
  const here = cards.findIndex((card) => card.segment_id === segmentId);
  if (here === -1) return cards[0] || null;
  return cards[Math.max(0, Math.min(cards.length - 1, here + step))];
}

export function mergeCards(cards, changes) {
  return cards.map((card) => (changes[card.segment_id] ? Object.freeze({ ...card, ...changes[card.segment_id] }) : card));
}

// Cards as they will be when the page accepts what was asked of it.
export function withOverlays(cards, overlays) {
  return overlays.reduce((shown, overlay) => mergeCards(shown, overlay.changes), cards);
}

// Notes which fields the page has told itself while an overlay waited for its answer.
export function noteTold(overlay, changes) {
  for (const [id, fields] of Object.entries(changes)) Object.keys(fields).forEach((field) => overlay.told.add(`${id}.${field}`));
}

// An accepted overlay becomes the card's state, except for the fields that the page has told since.
export function settle(cards, overlay) {
  const kept = Object.entries(overlay.changes).map(([id, fields]) => {
    const open = Object.entries(fields).filter(([field]) => !overlay.told.has(`${id}.${field}`));
    return [id, Object.fromEntries(open)];
  });
  return mergeCards(cards, Object.fromEntries(kept));
}

export function decisionWord(decision) {
  return {
    undecided: "Undecided", approved: "Approved", approved_with_notes: "Approved with notes",
    adjust_prompt: "Changes asked", regenerate: "Regeneration asked",
  }[decision] || decision;
}

export function decisionIcon(decision) {
  return { approved: "check", approved_with_notes: "note", adjust_prompt: "changes", regenerate: "redo" }[decision] || "open";
}

// What one line on a card says: the task while there is something to say about it, else the decision.
export function stateOf(card) {
  if (isBeingMade(card)) return { icon: "waiting", tone: card.task.state, task: true };
  if (isFailed(card)) return { icon: "alert", tone: "failed", word: card.task.state === "failed" ? "Failed" : "Outcome unknown" };
  if (!card.version) return { icon: "absent", tone: "missing", word: "Missing" };
  return { icon: decisionIcon(card.decision), tone: card.decision, word: decisionWord(card.decision) };
}
