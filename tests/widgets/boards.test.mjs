import assert from "node:assert/strict";
import test from "node:test";

import { bandPath, everyNth, linePath, linear, shortTime, stepPath, timeTicks } from "../../director_lib/widgets/metrics_board/plot_scale.mjs";
import { find, passes, sortsFor, stepsAcross } from "../../director_lib/widgets/streams_board/finding.mjs";

const stream = (id, fields = {}) => ({
  id, title: id, last_activity_at: null, undecided: 0, spend_usd: 0, needs_me: false, running: 0, total: 2, approved: 0, error: null, ...fields,
});
const shown = (streams, more = {}) => find(streams, { query: "", filter: "all", sort: "title", ...more }).map(({ id }) => id);

test("searching finds every word, whatever its case and accents, in title or id", () => {
  const streams = [stream("tisza", { title: "A Tisza partján" }), stream("market", { title: "The Night Market" })];
  assert.deepEqual(shown(streams, { query: "PARTJAN tis" }), ["tisza"]);
  assert.deepEqual(shown(streams, { query: "night tisza" }), []);
});

test("each filter lets through what its name says", () => {
  assert.equal(passes(stream("a", { needs_me: true }), "me"), true);
  assert.equal(passes(stream("a", { running: 1 }), "running"), true);
  assert.equal(passes(stream("a", { approved: 2 }), "done"), true);
  assert.equal(passes(stream("a", { approved: 0, total: 0 }), "done"), false);
  assert.equal(passes(stream("a", { error: "broken" }), "broken"), true);
  assert.equal(passes(stream("a"), "broken"), false);
});

test("streams are sorted as asked, the latest activity first, those without any last", () => {
  const streams = [stream("old", { last_activity_at: "2026-01-01" }), stream("never"), stream("new", { last_activity_at: "2026-02-01", undecided: 1 })];
  assert.deepEqual(shown(streams, { sort: "activity" }), ["new", "old", "never"]);
  assert.deepEqual(shown(streams, { sort: "undecided" })[0], "new");
});

test("arrows move by one and by a row", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "x"].map((key) => stepsAcross(key, 4)), [1, -1, 4, -4, 0]);
});

test("a line leaves a gap where a week has no value, and a band is one piece per run of weeks", () => {
  const [x, y] = [linear(0, 2, 0, 100), linear(0, 1, 20, 0)];
  const weeks = [{ value: 0, low: 0, high: 0.5 }, { value: null, low: null, high: null }, { value: 1, low: 0.5, high: 1 }];
  assert.equal(linePath(weeks, x, y, (week) => week.value), "M0.0 20.0M100.0 0.0");
  assert.equal(linePath([weeks[0], weeks[0]], x, y, (week) => week.value), "M0.0 20.0L50.0 20.0");
  assert.equal(bandPath(weeks, x, y).split("Z").length, 3);
  assert.equal(bandPath([weeks[0], weeks[2]], x, y), "M0.0 10.0L50.0 0.0L50.0 10.0L0.0 20.0Z");
});

test("a stepped line holds each share until the next, and times have round ticks", () => {
  assert.equal(stepPath([[1, 0.5]], linear(0, 2, 0, 100), linear(0, 1, 20, 0), 2), "M0.0 20.0H50.0V10.0H100.0");
  assert.equal(stepPath([], linear(0, 2, 0, 100), linear(0, 1, 20, 0), 2), "");
  assert.deepEqual(timeTicks(7200 * 3).map(shortTime), ["0", "1 h", "2 h", "3 h", "4 h", "5 h", "6 h"]);
  assert.equal(shortTime(3 * 86400), "3 d");
  assert.deepEqual([0, 1, 2, 3, 4].filter(everyNth(5, 100, 50)), [1, 4]);
});

test("streams that most likely need work come first, once that is known of any", () => {
  const streams = [stream("calm", { attention: 0.4 }), stream("busy", { attention: 3.1 }), stream("new", { attention: null })];
  assert.deepEqual(shown(streams, { sort: "attention" }), ["busy", "calm", "new"]);
  assert.equal(sortsFor(streams).at(-1)[0], "attention");
  assert.equal(sortsFor([stream("a")]).some(([key]) => key === "attention"), false);
});
