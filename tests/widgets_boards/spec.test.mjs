import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbourFor, offsetsOf, rangeOf, sectionsByRow } from "../../director_lib/widgets/spec_page/spec_rows.mjs";
import { byPlace, changeHeadline, summaryOf } from "../../director_lib/widgets/spec_page/spec_words.mjs";

const MANY = Array.from({ length: 1000 }, (_, n) => n + 1);

test("of a thousand rows only those near the window exist", () => {
  const offsets = offsetsOf(MANY, { 1: 400 });
  for (const top of [0, 5000, 120000, offsets[1000]]) {
    const { from, to, full } = rangeOf(offsets, top, 900);
    assert.ok(to - from < 14, `${from}..${to}`);
    assert.ok(from >= 0 && to <= 1000 && from < to);
    assert.equal(full, offsets[1000]);
    if (top < offsets[1000]) assert.ok(offsets[from] <= top && offsets[to] >= Math.min(top + 900, full));
  }
  assert.deepEqual(rangeOf([0], 0, 900), { from: 0, to: 0, top: 0, full: 0 });
});

test("a section begins at its first segment in the film's order and goes on over the others", () => {
  const sections = [{ id: "a", segment_ids: [1, 3] }, { id: "b", segment_ids: [9] }, { id: "c", segment_ids: [2] }];
  const { starts, goesOn, loose } = sectionsByRow([3, 2, 1], sections);
  assert.deepEqual(starts[3].map((one) => one.id), ["a"]);
  assert.deepEqual(goesOn, { 1: ["a"] });
  assert.deepEqual(starts[2].map((one) => one.id), ["c"]);
  assert.deepEqual(loose.map((one) => one.id), ["b"]);
});

test("a moved segment knows what it comes before", () => {
  assert.equal(neighbourFor([1, 2, 3], 2, -1), 1);
  assert.equal(neighbourFor([1, 2, 3], 1, -1), undefined);
  assert.equal(neighbourFor([1, 2, 3], 1, 1), 3);
  assert.equal(neighbourFor([1, 2, 3], 2, 1), null);
  assert.equal(neighbourFor([1, 2, 3], 3, 1), undefined);
});

test("findings are counted and found at their place", () => {
  const findings = [{ severity: "error", place: "segment", id: "3" }, { severity: "note", place: "spec", id: "" }];
  assert.equal(summaryOf(findings), "1 fault, 1 note");
  assert.equal(summaryOf([]), "Nothing to say");
  assert.deepEqual(Object.keys(byPlace(findings)), ["segment 3", "spec "]);
});

test("a change says what happened and where", () => {
  assert.equal(changeHeadline({ label: "segment 4", change: "moved", is_moved: true, from_place: 4, to_place: 1 }), "segment 4: moved from place 4 to 1");
});
