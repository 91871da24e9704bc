// Searching, filtering and sorting streams: plain functions over the rows that the page sent.

const BY = {
  activity: (a, b) => (b.last_activity_at || "").localeCompare(a.last_activity_at || ""),
  title: (a, b) => a.title.localeCompare(b.title),
  undecided: (a, b) => b.undecided - a.undecided,
  spend: (a, b) => b.spend_usd - a.spend_usd,
  attention: (a, b) => (b.attention || 0) - (a.attention || 0),
};

export const SORTS = [["activity", "Last activity"], ["title", "Title"], ["undecided", "Most to decide"], ["spend", "Spend"]];

// Only where it is known better than by chance what will not be approved.
export function sortsFor(streams) {
  return streams.some((stream) => typeof stream.attention === "number") ? [...SORTS, ["attention", "Most likely to need work"]] : SORTS;
}

export const FILTERS = [
  ["all", "All", () => true],
  ["me", "Needs me", (stream) => stream.needs_me],
  ["running", "Running", (stream) => stream.running > 0],
  ["done", "Approved", (stream) => stream.total > 0 && stream.approved === stream.total],
  ["broken", "Cannot be read", (stream) => Boolean(stream.error)],
];

// Where a stream stands: the first checkpoint that is not approved, or "all" when every one is.
export function gateOf(stream) {
  const open = (stream.rail || []).find((gate) => gate.state !== "approved");
  return open ? open.checkpoint : "all";
}

export const GATES = [
  ["", "Any checkpoint"], ["story", "At story"], ["spec", "At spec"], ["keyframes", "At keyframes"], ["videos", "At videos"], ["final", "At final"],
];

export function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

export function passes(stream, filter) {
  const found = FILTERS.find(([key]) => key === filter);
  return found ? found[2](stream) : true;
}

export function find(streams, { query, filter, sort, gate = "" }) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return streams
    .filter((stream) => passes(stream, filter) && (!gate || (!stream.error && gateOf(stream) === gate)))
    .filter((stream) => { const text = fold(`${stream.title} ${stream.id}`); return words.every((word) => text.includes(word)); })
    .sort((a, b) => (BY[sort] || BY.activity)(a, b) || a.title.localeCompare(b.title));
}

// What was chosen last time in this tab; nothing when the browser keeps nothing, or something else.
export function recall(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

export function stepsAcross(key, columns) {
  return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key] || 0;
}
