import assert from "node:assert/strict";
import test from "node:test";

import { saidOfSkipped } from "../../director_lib/widgets/review_desk/desk_selection.mjs";
import { candidates, piecesOf, placeOf, threadsOf, tokenAt, withMention, withoutMentions } from "../../director_lib/widgets/review_desk/mentions.mjs";
import { byCategory } from "../../director_lib/widgets/frame/preset_groups.mjs";
import { describeShapes, drawnTo, finished, firstShape, moved, nudged, pathOf, pointInside } from "../../director_lib/widgets/review_desk/regions.mjs";

const PEOPLE = [{ username: "dan", name: "Dan Okafor" }, { username: "dora", name: "Dora Lindqvist" }, { username: "pal", name: "Pál Szűcs" }];
const box = (...points) => ({ kind: "box", points });

test("a point outside the picture is put onto its edge", () => {
  assert.deepEqual(pointInside([-0.2, 1.7]), [0, 1]);
  assert.deepEqual(pointInside([0.123456, 0.5]), [0.1235, 0.5]);
});

test("a shape is moved as a whole and stays in the picture", () => {
  assert.deepEqual(moved(box([0.1, 0.1], [0.3, 0.4]), 0.1, 0.1).points, [[0.2, 0.2], [0.4, 0.5]]);
  assert.deepEqual(moved(box([0.1, 0.1], [0.3, 0.4]), -1, 1).points, [[0, 0.7], [0.2, 1]]);
});

test("arrow keys move a shape, with shift its end; a free line goes on", () => {
  assert.deepEqual(nudged(box([0.4, 0.4], [0.6, 0.6]), "ArrowLeft", false).points, [[0.38, 0.4], [0.58, 0.6]]);
  assert.deepEqual(nudged(box([0.4, 0.4], [0.6, 0.6]), "ArrowDown", true).points, [[0.4, 0.4], [0.6, 0.62]]);
  assert.deepEqual(nudged(firstShape("stroke"), "ArrowRight", false).points, [[0.5, 0.5], [0.5, 0.5], [0.52, 0.5]]);
});

test("what was hardly drawn is nothing, and a long line keeps its ends with few points", () => {
  assert.equal(finished(box([0.5, 0.5], [0.503, 0.501])), null);
  let line = { kind: "stroke", points: [[0, 0]] };
  for (let n = 1; n <= 3000; n += 1) line = drawnTo(line, [n / 3000, 0.5]);
  const { points } = finished(line);
  assert.ok(points.length <= 400, String(points.length));
  assert.deepEqual([points[0], points.at(-1)], [[0, 0], [1, 0.5]]);
});

test("a shape is drawn at the picture's own size", () => {
  assert.equal(pathOf(box([0.25, 0.5], [0.5, 1]), 640, 360), "M160.0 180.0H320.0V360.0H160.0Z");
  assert.match(pathOf({ kind: "arrow", points: [[0, 0], [1, 1]] }, 100, 100), /^M0\.0 0\.0L100\.0 100\.0M/u);
  assert.equal(pathOf({ kind: "stroke", points: [[0, 0], [1, 0]] }, 10, 10), "M0.0 0.0L10.0 0.0");
  assert.equal(describeShapes([box([0, 0], [1, 1]), firstShape("arrow"), firstShape("stroke")]), "box, arrow, line");
});

test("somebody is being named after an @ that begins a word", () => {
  assert.deepEqual(tokenAt("ask @Do", 7), { from: 4, query: "do" });
  assert.deepEqual(tokenAt("@", 1), { from: 0, query: "" });
  assert.equal(tokenAt("a@do", 4), null);
  assert.equal(tokenAt("ask @dora now", 13), null);
  assert.deepEqual(candidates(PEOPLE, "do").map((one) => one.username), ["dora"]);
  assert.deepEqual(candidates(PEOPLE, "sz").map((one) => one.username), ["pal"]);
  assert.deepEqual(withMention("ask @Do please", { from: 4 }, 7, "dora"), { text: "ask @dora please", caret: 10 });
});

test("only who was mentioned is marked, and the pieces spell the text", () => {
  const text = "@dora and (@pal), not @nobody or x@dora.example; @dora-lee";
  const pieces = piecesOf(text, ["dora", "pal"]);
  assert.deepEqual(pieces.filter((piece) => piece.named).map((piece) => piece.text), ["@dora", "@pal"]);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.deepEqual(piecesOf("<img> {{ 7 }}", []), [{ text: "<img> {{ 7 }}", named: false }]);
});

test("answers belong to their thread, and a thread says which version it is from", () => {
  const threads = threadsOf([{ id: 1, parent_id: null }, { id: 2, parent_id: null }, { id: 3, parent_id: 1 }]);
  assert.deepEqual(threads.map((one) => [one.id, one.answers.map((answer) => answer.id)]), [[1, [3]], [2, []]]);
  assert.equal(placeOf({ version_number: 3 }, { number: 4 }), "from v3");
  assert.equal(placeOf({ version_number: 3 }, { number: 2 }), "on v3");
  assert.equal(placeOf({ version_number: null }, { number: 4 }), "");
  assert.equal(placeOf({ version_number: 4 }, { number: 4 }), "");
});

test("who was left out of a batch is named, each reason once", () => {
  const left = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((segment_id) => ({ segment_id, why: segment_id === 2 ? "its prompt says so already" : "it is approved" }));
  assert.equal(saidOfSkipped(left), "Left 1, 3, 4, 5, 6, 7, 8, 9 and 1 more: it is approved. Left 2: its prompt says so already.");
  assert.equal(saidOfSkipped([]), "");
});

test("presets are grouped by what they are about", () => {
  const groups = byCategory([{ id: 1, category: "motion" }, { id: 2, category: "color" }, { id: 3, category: "motion" }]);
  assert.deepEqual(groups.map((group) => [group.category, group.presets.map((one) => one.id)]), [["color", [2]], ["motion", [1, 3]]]);
});

test("a comment goes into a prompt without the people it was said to", () => {
  assert.equal(withoutMentions("@dora, please: softer rain @pal.", ["dora", "pal"]), "please: softer rain.");
  assert.equal(withoutMentions("softer rain", []), "softer rain");
});
