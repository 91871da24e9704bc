import assert from "node:assert/strict";
import test from "node:test";

import { sparkline } from "../../director_lib/widgets/metrics_board/sparkline.mjs";
import { find, passes, stepsAcross } from "../../director_lib/widgets/streams_board/finding.mjs";

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

test("a line needs two known values and leaves a gap where a week has none", () => {
  assert.equal(sparkline([0.5, null], 100, 20), "");
  assert.equal(sparkline([0, null, 1], 100, 20), "M0.0 20.0M100.0 0.0");
  assert.equal(sparkline([1, 1], 100, 20), "M0.0 20.0L100.0 20.0");
});
