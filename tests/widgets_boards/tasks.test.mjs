import assert from "node:assert/strict";
import test from "node:test";

import { budgetNote, queueNotes } from "../../director_lib/widgets/frame/queue_notes.mjs";
import { budgetShare, ofBudget, spentOf } from "../../director_lib/widgets/frame/budgets.mjs";
import { applyChanges, budgetUse, factsOf, firstRows, groupTasks, waitText, nameOf } from "../../director_lib/widgets/frame/task_groups.mjs";
import { taskKey } from "../../director_lib/widgets/frame/task_keys.mjs";

const row = (id, group, place, more = {}) => ({ id, group, place, ...more });
const queue = () => firstRows({ tasks: [row("a", "queued", 2), row("b", "queued", 1), row("c", "running", 1)], counts: { queued: 9000, running: 1 } });
const idsOf = (told, key) => groupTasks(told).find((group) => group.key === key).tasks.map((task) => task.id);

test("each group has its rows in their order, and the number of all of them", () => {
  assert.deepEqual(idsOf(queue(), "queued"), ["b", "a"]);
  assert.deepEqual(groupTasks(queue()).map((group) => [group.key, group.total]), [["running", 1], ["queued", 9000], ["broken", 0], ["ended", 0]]);
});

test("a task that is moved, begins or leaves is shown where it is then", () => {
  const moved = applyChanges(queue(), { tasks: { a: { place: 1 }, b: { place: 2 } } });
  assert.deepEqual(idsOf(moved, "queued"), ["a", "b"]);
  const begun = applyChanges(moved, { tasks: { a: { group: "running", place: 2 } }, gone: ["b"], counts: { queued: 1, running: 2 } });
  assert.deepEqual([idsOf(begun, "queued"), idsOf(begun, "running"), begun.counts.running], [[], ["c", "a"], 2]);
});

test("a change of a row that is not shown makes no row", () => {
  assert.deepEqual(Object.keys(applyChanges(queue(), { tasks: { z: { percent: 3 }, d: row("d", "queued", 3) } }).rows), ["a", "b", "c", "d"]);
});

test("a wait says why, and until when if it is a matter of time", () => {
  assert.equal(waitText({ reason: "2 of 2 of google run", again_at: null }), "2 of 2 of google run");
  assert.match(waitText({ reason: "google is busy", again_at: "2026-03-27T10:31:00+00:00" }), /^again at \d\d:\d\d.* because google is busy$/);
});

test("what runs tells for how long, how long still, where and by whom", () => {
  const task = row("a", "running", 1, { state: "running", started_at: "2026-03-27T10:00:00Z", eta_s: 20, engine: "local", worker: "studio-1" });
  assert.deepEqual(factsOf(task, Date.parse("2026-03-27T10:01:05Z")), ["for 1 min 5 s", "about 20 s left", "local", "by studio-1"]);
});

test("no limit is never used up, and where nothing may be spent any cent is too much", () => {
  assert.deepEqual([budgetShare(5, 20), budgetShare(5, null), budgetShare(0, 0), budgetShare(0.01, 0)], [0.25, 0, 0, 1]);
  assert.deepEqual([ofBudget(20), ofBudget(null), ofBudget(0)], ["of $20.00", "no limit", "of $0.00"]);
  assert.deepEqual([spentOf(5, 20), spentOf(5, null)], ["$5.00 of $20.00", "$5.00, no limit"]);
  assert.deepEqual(budgetNote({ spend: { today_usd: 500, budget_day_usd: null } }, 500), []);
});

test("a budget is told of at four fifths and when it is used up", () => {
  const spend = (today_usd, budget_day_usd = 20) => ({ today_usd, budget_day_usd });
  assert.deepEqual([15.99, 16, 19.99, 20, 31].map((usd) => budgetUse(spend(usd)).level), ["", "near", "near", "over", "over"]);
  assert.equal(budgetUse(spend(12), 8).level, "over");
  assert.equal(budgetUse(spend(0, 0)).level, "");
  assert.match(budgetNote({ spend: spend(12) }, 5)[0].text, /\$12\.00 is spent today and \$5\.00 is promised.*\$3\.00 is left/);
});

test("nobody works, the queue rests: both are said, with what to do", () => {
  const frame = { worker_alive: false, queue: { queued: 3, pauses: [{ engine: "", by: "dora", at: "2026-03-27T10:31:00Z" }, { engine: "google", by: "ben", at: "2026-03-27T10:31:00Z" }] } };
  const [worker, whole, google] = queueNotes(frame);
  assert.match(worker.text, /No worker is running, so 3 tasks wait.*director worker/);
  assert.equal(worker.level, "bad");
  assert.match(whole.text, /^The queue is paused by dora/);
  assert.deepEqual([whole.engine, google.engine], [null, "google"]);
  assert.deepEqual(queueNotes({ worker_alive: true, queue: { queued: 3, pauses: [] } }), []);
});

test("a row's keys work on the row, and those that move it also on its buttons", () => {
  const rowElement = {};
  const press = (key, more = {}) => taskKey({ key, target: rowElement, currentTarget: rowElement, ...more });
  assert.deepEqual(["Delete", "Enter", "l", "L", "R", "x"].map((key) => press(key)), ["cancel", "open", "lines", "lines", "retry", null]);
  assert.deepEqual([press("ArrowUp", { altKey: true }), press("ArrowDown", { altKey: true, shiftKey: true }), press("ArrowUp")], ["up", "end", null]);
  assert.equal(press("Enter", { target: {} }), null);
  assert.equal(press("ArrowDown", { target: {}, altKey: true }), "down");
  assert.equal(press("Delete", { repeat: true }), null);
  assert.equal(press("r", { ctrlKey: true }), null);
});

test("jobs on streams are a group of their own, and only while there are some", () => {
  const job = { id: "j", group: "jobs", place: 1, job: "build", title: "Build the film's page", state: "running", engine: "" };
  const groups = groupTasks(firstRows({ tasks: [job], counts: { running: 0, queued: 0, broken: 0, ended: 0, jobs: 1 } }));
  assert.deepEqual(groups.map((group) => [group.key, group.total]), [["running", 0], ["queued", 0], ["jobs", 1], ["broken", 0], ["ended", 0]]);
  assert.equal(nameOf(job), "Build the film's page");
  assert.equal(nameOf({ kind: "video", segment_id: 3 }), "Clip 3");
  assert.deepEqual(factsOf({ ...job, worker: "w", started_at: null }, 0), ["by w"]);
});
