// How the board is divided, and its counts as bars with words.

import { count } from "../frame/format.mjs";

export const PARTS = [
  { key: "quality", title: "Quality", cards: ["first_pass", "approval_rate", "eventual_approval", "regenerations"] },
  { key: "time", title: "Time", cards: ["time_keyframes", "time_videos", "render_time", "throughput"] },
  { key: "trouble", title: "Cost and trouble", cards: ["cost_per_segment", "cost_per_second", "failures", "undo_rate", "agreement"] },
];

// Rows without a value come last whichever way it goes; "title" sorts by its letters.
export function sortedBy(rows, key, down) {
  if (!key) return rows;
  const turn = down ? -1 : 1;
  if (key === "title") return [...rows].sort((one, other) => turn * one.title.localeCompare(other.title));
  const value = (row) => row[key].value;
  return [...rows].sort((one, other) => (value(one) === null) - (value(other) === null) || turn * (value(one) - value(other)));
}

export function timeBars(parts, kind) {
  return parts.map((part) => ({
    key: `${part.kind}-${part.part}`,
    label: kind ? part.label : `${part.thing}, ${part.label}`,
    value: part.p50_s,
    more: part.p90_s,
    text: part.p50,
    hint: `Half within ${part.p50}, nine in ten within ${part.p90}; n = ${part.n.toLocaleString("en")}, ${part.n_open.toLocaleString("en")} not ended`,
    rows: part.rows,
    by: "kind",
    value_of: part.kind,
    n: part.n,
  })).map(opening);
}

// Working time stands beside calendar time where it is known: of whole streams, within the studio's hours.
export function checkpointBars(checkpoints) {
  return checkpoints.map((row) => ({
    key: row.checkpoint,
    label: row.label,
    value: row.p50_s,
    more: row.p90_s,
    text: row.working ? `${row.p50} · working ${row.working}` : row.p50,
    hint: `Half within ${row.p50}${row.working ? `, in working time ${row.working}` : ""}, nine in ten within ${row.p90}; n = ${row.n.toLocaleString("en")}, ${row.n_open.toLocaleString("en")} not ended`,
    rows: row.rows,
    by: row.by,
    value_of: row.by_value,
    n: row.n,
  })).map(opening);
}

export function againBars(histogram) {
  if (!histogram) return [];
  return histogram.bars.map((bar) => ({
    key: bar.label,
    label: bar.label === "0" ? "never" : bar.label === "1" ? "once" : bar.label.includes("more") ? bar.label : `${bar.label} times`,
    value: bar.n,
    text: bar.n.toLocaleString("en"),
    hint: `Show the ${count(bar.n, ...histogram.nouns)}`,
    rows: histogram.rows,
    by: "tries",
    value_of: String(bar.tries),
    n: bar.n,
  })).map(opening);
}

export function failureBars(failures) {
  const engines = new Set(failures.map((failure) => failure.engine));
  return failures.map((failure) => ({
    key: `${failure.engine} ${failure.cause}`,
    label: engines.size > 1 ? `${failure.label} (${failure.made_by})` : failure.label,
    value: failure.n,
    text: failure.n.toLocaleString("en"),
    hint: `${failure.text}: show the rows`,
    rows: "failures",
    by: "engine",
    value_of: failure.engine,
    cause: failure.cause,
    n: failure.n,
  })).map(opening);
}

export function peopleBars(people) {
  return people.map((person) => ({
    key: person.actor,
    label: person.actor,
    value: person.value,
    more: person.high,
    text: person.text,
    hint: `${count(person.n, "decision", "decisions")} in ${person.hours} active ${person.hours === "1" ? "hour" : "hours"}`,
    rows: "decisions",
    by: "actor",
    value_of: person.actor,
    n: person.n,
  })).map(opening);
}

// What a bar opens: the rows that it counts.
function opening({ value_of, ...bar }) {
  return { ...bar, open: { rows: bar.rows, by: bar.by, value: value_of, cause: bar.cause === undefined ? null : bar.cause, about: `${bar.label}, n = ${bar.n.toLocaleString("en")}` } };
}
