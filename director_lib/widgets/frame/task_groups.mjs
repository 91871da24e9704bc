// The tasks that a screen shows: which group each is in, in which order, and what is said of it.

import { budgetShare } from "./budgets.mjs";
import { clock, duration, money } from "./format.mjs";

export const GROUPS = [
  { key: "running", title: "Running", none: "Nothing is being made right now." },
  { key: "queued", title: "Queued", none: "Nothing waits." },
  { key: "jobs", title: "Jobs on streams", none: "Nothing is being built or deployed." },
  { key: "broken", title: "Needs you", none: "Nothing failed." },
  { key: "ended", title: "Ended", none: "Nothing has ended yet." },
];

// What the browser knows of the tasks after the page told it something new.
export function applyChanges(queue, { tasks = {}, gone = [], counts }) {
  const rows = { ...queue.rows };
  for (const id of gone) delete rows[id];
  for (const [id, row] of Object.entries(tasks)) {
    if (rows[id] || row.id) rows[id] = Object.freeze({ ...rows[id], ...row });
  }
  return { rows, counts: counts || queue.counts };
}

export function firstRows({ tasks, counts }) {
  return { rows: Object.fromEntries(tasks.map((task) => [task.id, Object.freeze(task)])), counts };
}

// Every group with its rows in order and the number of all of its tasks, shown or not. Most of the time there is no
// job on a whole stream, and nobody has to be told that.
export function groupTasks(queue) {
  const rows = Object.values(queue.rows);
  return GROUPS.map((group) => {
    const tasks = rows.filter((row) => row.group === group.key).sort((one, other) => one.place - other.place);
    return { ...group, tasks, total: Math.max(queue.counts[group.key] || 0, tasks.length) };
  }).filter((group) => group.key !== "jobs" || group.total);
}

// What a task makes or does, in few words.
export function nameOf(task) {
  return task.job ? task.title : `${task.kind === "video" ? "Clip" : "Still"} ${task.segment_id}`;
}

export function waitText(task) {
  return task.again_at ? `again at ${clock(task.again_at)} because ${task.reason}` : task.reason || task.phase || "waiting";
}

function runningFacts(task, now) {
  const facts = task.started_at ? [`for ${duration((now - Date.parse(task.started_at)) / 1000)}`] : [];
  if (task.eta_s) facts.push(`about ${duration(task.eta_s)} left`);
  return facts;
}

// What is said of a task beside its state: short facts, in the order in which they matter.
export function factsOf(task, now) {
  const facts = task.state === "running" ? runningFacts(task, now) : [];
  if (task.group === "queued" && task.eta_s) facts.push(`done in about ${duration(task.eta_s)}`);
  if (task.state === "succeeded" && task.started_at && task.ended_at) {
    facts.push(`in ${duration((Date.parse(task.ended_at) - Date.parse(task.started_at)) / 1000)}`);
  }
  if (task.engine) facts.push(task.engine);
  if (task.state === "running" && task.worker) facts.push(`by ${task.worker}`);
  return facts;
}

// How much of a budget is spent or promised to open tasks: its share, and what to say once it is nearly used up.
export function budgetUse(spend, promised = 0) {
  const used = (spend.today_usd || 0) + promised;
  const share = budgetShare(used, spend.budget_day_usd);
  const told = `${money(spend.today_usd)} is spent today` + (promised > 0 ? ` and ${money(promised)} is promised to open tasks` : "");
  if (share >= 1) return { share, level: "over", text: `${told}, of a budget of ${money(spend.budget_day_usd)}: it is used up, and what costs money is refused until tomorrow.` };
  if (share >= 0.8) return { share, level: "near", text: `${told}, of a budget of ${money(spend.budget_day_usd)}: ${money(spend.budget_day_usd - used)} is left.` };
  return { share, level: "", text: "" };
}
