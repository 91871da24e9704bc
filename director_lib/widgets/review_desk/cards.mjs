// Lists of cards: what a filter or a search leaves, where to go next, and changes that are not confirmed yet.

const APPROVED = new Set(["approved", "approved_with_notes"]);
const CHANGES = new Set(["adjust_prompt", "regenerate"]);

export const FILTERS = [
  { id: "all", label: "All", has: () => true },
  { id: "undecided", label: "Undecided", has: (card) => card.decision === "undecided" || lacksApprovals(card) },
  { id: "approved", label: "Approved", has: (card) => isApproved(card) },
  { id: "changes", label: "Changes asked", has: (card) => CHANGES.has(card.decision) },
  { id: "stale", label: "Stale", has: (card) => card.stale.length > 0 },
  { id: "failed", label: "Failed", has: (card) => isFailed(card) },
  { id: "comments", label: "With open comments", has: (card) => card.comments_open > 0 },
  { id: "mentions", label: "Mentions me", has: (card) => card.mentions_me > 0 },
];

// Where a stream asks for several approvals, the first ones do not make it approved.
export function isApproved(card) {
  return APPROVED.has(card.decision) && !lacksApprovals(card);
}

export function lacksApprovals(card) {
  return APPROVED.has(card.decision) && Boolean(card.approvals) && card.approvals.by.length < card.approvals.needed;
}

export function hasApproved(card, who) {
  return isApproved(card) || (lacksApprovals(card) && card.approvals.by.includes(who));
}

// The approvals as they are once this verdict counts; sending back starts them anew.
export function approvalsAfter(card, decision, who) {
  if (!card.approvals) return null;
  const others = card.approvals.by.filter((name) => name !== who);
  return { ...card.approvals, by: APPROVED.has(decision) ? [...others, who] : [] };
}

export function approvalsText(card) {
  if (!card.approvals) return "";
  const { by, needed } = card.approvals;
  return `${Math.min(by.length, needed)} of ${needed} approvals`;
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

// Whether it is known, better than by chance, what will need work.
export function canOrder(cards) {
  return cards.some((card) => typeof card.attention === "number");
}

// In the order of the story, or first what is most likely not to be approved; what has no score comes last.
// A verdict moves nothing: a card keeps the score that it had before.
export function inOrder(cards, order) {
  if (order !== "attention" || !canOrder(cards)) return cards;
  const score = (card) => (typeof card.attention === "number" ? card.attention : -1);
  return [...cards].sort((a, b) => score(b) - score(a));
}

// The next card to judge after this one, from the top again at the end; null when none is left for this person.
export function nextUndecided(cards, segmentId, who = "") {
  const here = cards.findIndex((card) => card.segment_id === segmentId);
  const open = (card) => card.decision === "undecided" || (lacksApprovals(card) && !hasApproved(card, who));
  const waits = (card) => card.segment_id !== segmentId && card.version && open(card) && !isBeingMade(card);
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

// How a verdict is shown: an approval too few looks like waiting, not like approved.
export function verdictLook(judged) {
  if (lacksApprovals(judged)) return { icon: "waiting", tone: "waiting", word: "Waits for approvals" };
  const decision = judged.decision || "undecided";
  return { icon: decisionIcon(decision), tone: decision, word: decisionWord(decision) };
}

// Why a version's file cannot be shown, and what is still safe.
export function faultText(version) {
  if (version.fault === "archived") return `Version ${version.number} is in the archive. Bring it back to look at it or to make it current.`;
  return `The file of version ${version.number} is ${version.fault} in the version store. The other versions are safe; an admin can bring it back from a backup.`;
}

// What one line on a card says: the task while there is something to say about it, else the decision.
export function stateOf(card) {
  if (isBeingMade(card)) return { icon: "waiting", tone: card.task.state, task: true };
  if (isFailed(card)) return { icon: "alert", tone: "failed", word: card.task.state === "failed" ? "Failed" : "Outcome unknown" };
  if (!card.version) return { icon: "absent", tone: "missing", word: "Missing" };
  return { ...verdictLook(card), ...(lacksApprovals(card) ? { word: approvalsText(card) } : {}) };
}
