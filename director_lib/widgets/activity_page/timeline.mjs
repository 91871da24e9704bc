// A timeline out of events, the newest first: days, and within them runs of equal events as one line. Plain functions.

const NEAR_MS = 30 * 60 * 1000;

// "1–4, 7": the numbers in order, each once.
export function ranges(numbers) {
  const runs = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(", ");
}

function isSame(run, event) {
  const { first } = run;
  if (first.actor !== event.actor || first.said !== event.said || first.one !== event.one || first.note !== event.note) return false;
  if ((first.segment_id === null) !== (event.segment_id === null)) return false;
  return Date.parse(run.last.at) - Date.parse(event.at) <= NEAR_MS && dayOf(first.at) === dayOf(event.at);
}

// What follows the name: "approved keyframes 1–4"; of events without a segment how often.
export function sayRun({ first, events }) {
  const numbers = events.map((event) => event.segment_id).filter((id) => id !== null);
  const many = new Set(numbers).size > 1;
  const what = numbers.length ? `${many ? first.many : first.one} ${ranges(numbers)}` : "the stream";
  const said = first.said.replace("{what}", what);
  const times = numbers.length ? (many ? 1 : events.length) : events.length;
  return times > 1 ? `${said}, ${times} times` : said;
}

export function dayOf(at) {
  const then = new Date(at);
  return `${then.getFullYear()}-${String(then.getMonth() + 1).padStart(2, "0")}-${String(then.getDate()).padStart(2, "0")}`;
}

export function dayWords(at, now = new Date()) {
  const then = new Date(at);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (then.toDateString() === now.toDateString()) return "Today";
  if (then.toDateString() === yesterday.toDateString()) return "Yesterday";
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  return then.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long", ...year });
}

export function timeline(events) {
  const days = [];
  for (const event of events) {
    const key = dayOf(event.at);
    if (!days.length || days.at(-1).key !== key) days.push({ key, at: event.at, runs: [] });
    const { runs } = days.at(-1);
    if (runs.length && isSame(runs.at(-1), event)) {
      runs.at(-1).events.push(event);
      runs.at(-1).last = event;
    } else runs.push({ first: event, last: event, events: [event] });
  }
  return days;
}

// New events come before those that are shown; none is shown twice.
export function joined(newer, shown) {
  const known = new Set(shown.slice(0, newer.length + 50).map((event) => event.seq));
  return [...newer.filter((event) => !known.has(event.seq)), ...shown];
}

export const GROUPS = {
  decisions: "Decisions", making: "Stills and clips", writing: "Writing", comments: "Comments", delivery: "Stream and delivery", studio: "Everything else",
};
export const GROUP_ICONS = { decisions: "check", making: "film", writing: "changes", comments: "talk", delivery: "stack", studio: "open" };
