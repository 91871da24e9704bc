// Searching, filtering and sorting streams: plain functions over the rows that the page sent.

const BY = {
  activity: (a, b) => (b.last_activity_at || "").localeCompare(a.last_activity_at || ""),
  title: (a, b) => a.title.localeCompare(b.title),
  undecided: (a, b) => b.undecided - a.undecided,
  spend: (a, b) => b.spend_usd - a.spend_usd,
};

export const SORTS = [["activity", "Last activity"], ["title", "Title"], ["undecided", "Most to decide"], ["spend", "Spend"]];

export const FILTERS = [
  ["all", "All", () => true],
  ["me", "Needs me", (stream) => stream.needs_me],
  ["running", "Running", (stream) => stream.running > 0],
  ["done", "Approved", (stream) => stream.total > 0 && stream.approved === stream.total],
  ["broken", "Cannot be read", (stream) => Boolean(stream.error)],
];

export function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

export function passes(stream, filter) {
  const found = FILTERS.find(([key]) => key === filter);
  return found ? found[2](stream) : true;
}

export function find(streams, { query, filter, sort }) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return streams
    .filter((stream) => passes(stream, filter))
    .filter((stream) => { const text = fold(`${stream.title} ${stream.id}`); return words.every((word) => text.includes(word)); })
    .sort((a, b) => (BY[sort] || BY.activity)(a, b) || a.title.localeCompare(b.title));
}

export function stepsAcross(key, columns) {
  return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key] || 0;
}
