import assert from "node:assert/strict";
import test from "node:test";

import { find, gateOf } from "../../director_lib/widgets/streams_board/finding.mjs";
import { ALWAYS_WHOLE, cardBox, cardWindow, scrollTo } from "../../director_lib/widgets/streams_board/row_window.mjs";

const BOX = { columns: 3, cardHeight: 380, gap: 20 };
const gates = (...states) => ["story", "spec", "keyframes"].map((checkpoint, n) => ({ checkpoint, state: states[n] }));

test("a board has as many columns as fit, and at least one", () => {
  assert.deepEqual([300, 740, 1200, 2400].map((width) => cardBox(width, false).columns), [1, 2, 3, 6]);
  assert.equal(cardBox(2400, true).columns, 5);
});

test("few streams are all there, many only where one looks", () => {
  assert.deepEqual(cardWindow(ALWAYS_WHOLE, BOX, 9000, 800), { from: 0, to: ALWAYS_WHOLE, top: 0, full: 7980 });
  assert.deepEqual(cardWindow(1000, BOX, 0, 800), { from: 0, to: 9, top: 0, full: 133580 });
  assert.deepEqual(cardWindow(1000, BOX, 40000, 800), { from: 297, to: 309, top: 39600, full: 133580 });
  assert.equal(cardWindow(1000, BOX, 1e9, 800).to, 1000);
  assert.deepEqual(cardWindow(0, BOX, 0, 800), { from: 0, to: 0, top: 0, full: 0 });
});

test("every card in view exists, wherever one scrolls", () => {
  for (let top = 0; top < 133000; top += 77) {
    const { from, to } = cardWindow(1000, BOX, top, 800);
    assert.ok(from <= Math.floor(top / 400) * 3);
    assert.ok(to >= Math.min(1000, Math.ceil((top + 800) / 400) * 3));
  }
});

test("scrolling shows a whole card and rests when it is in view", () => {
  assert.equal(scrollTo(0, BOX, 0, 800), null);
  assert.equal(scrollTo(6, BOX, 0, 800), 400);
  assert.equal(scrollTo(0, BOX, 500, 800), 0);
});

test("a stream stands at the first checkpoint that is not approved", () => {
  assert.equal(gateOf({ rail: gates("approved", "waiting", "missing") }), "spec");
  assert.equal(gateOf({ rail: gates("approved", "approved", "approved") }), "all");
  assert.equal(gateOf({ rail: [] }), "all");
});

test("a broken stream stands at no checkpoint", () => {
  const stream = (id, error) => ({ id, title: id, rail: gates("waiting", "missing", "missing"), error });
  const streams = [stream("whole", null), stream("broken", "a comma is missing")];
  assert.deepEqual(find(streams, { query: "", filter: "all", sort: "title", gate: "story" }).map(({ id }) => id), ["whole"]);
});
