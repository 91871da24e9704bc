import assert from "node:assert/strict";
import test from "node:test";

import { armsFor } from "../../director_lib/widgets/review_desk/arms.mjs";
import { canOrder, inOrder } from "../../director_lib/widgets/review_desk/cards.mjs";
import { cellsOf, isReworded, likeWords, targetOf } from "../../director_lib/widgets/review_desk/desk_making.mjs";
import { saidOfSkipped } from "../../director_lib/widgets/review_desk/desk_selection.mjs";
import { modelText, picturesTaken, pictureNote, priceEach } from "../../director_lib/widgets/review_desk/making_words.mjs";
import { closePanels, draftsToOffer, isRemark, readPanels, writePanels } from "../../director_lib/widgets/review_desk/memory.mjs";

const card = (segment_id, more = {}) => ({ segment_id, decision: "undecided", task: null, image_prompt: "a boat", ...more });

class Store {
  constructor() { this.kept = {}; }

  getItem(key) { return this.kept[key] ?? null; }

  setItem(key, text) { this.kept[key] = text; }
}

test("the next segment that is not approved is made like the one on the desk", () => {
  const cards = [card(1), card(2), card(3, { decision: "approved" }), card(4, { task: { state: "running" } }), card(5)];
  assert.equal(targetOf(cards, 2, []).segment_id, 5);
  assert.equal(targetOf(cards, 5, []).segment_id, 1);
  assert.equal(targetOf(cards, 2, [3]).segment_id, 3);
  assert.equal(targetOf(cards, 2, [1, 3]).segment_id, 5);
  assert.equal(targetOf([card(1), card(2, { decision: "approved" })], 1, []).segment_id, 2);
  assert.equal(targetOf([card(1)], 1, []), null);
});

test("another segment's words say whose style it is, once", () => {
  assert.equal(likeWords(card(7, { image_prompt: " A red boat, at dawn. " })), "A red boat, at dawn, in the style of segment 7");
});

test("a version counts as reworded only when it is known to be made with other words", () => {
  const made = { image_prompt: "A red boat, in oil", motion_prompt: "pan" };
  assert.equal(isReworded(made, "image_prompt", "A red boat", "in oil"), false);
  assert.equal(isReworded(made, "image_prompt", "A blue boat", "in oil"), true);
  assert.equal(isReworded(made, "motion_prompt", "hold", "in oil"), true);
  assert.equal(isReworded({ image_prompt: null }, "image_prompt", "A blue boat", ""), false);
  assert.equal(isReworded(null, "image_prompt", "A blue boat", ""), false);
});

test("cells keep the order in which variants were asked for", () => {
  const set = { cells: [{ task_id: "a", version_id: 12 }, { task_id: "b", version_id: null }] };
  const cells = cellsOf(set, [{ id: 11 }, { id: 12 }], [{ id: "b", percent: 4 }]);
  assert.deepEqual(cells.map((cell) => [cell.version && cell.version.id, cell.task && cell.task.percent]), [[12, null], [null, 4]]);
  assert.deepEqual(cellsOf(null, [], []), []);
});

test("prices are told as exactly as they are, and guesses as such", () => {
  assert.equal(priceEach({ usd: 0 }, "keyframe"), "free");
  assert.equal(priceEach({ usd: 0.039 }, "keyframe"), "$0.039 a still");
  assert.equal(priceEach({ usd: 0.04 }, "keyframe"), "$0.04 a still");
  assert.equal(priceEach({ usd: 0.5, is_guess: true }, "video"), "at most $0.50 a second");
  assert.equal(modelText({ name: "", usd: 0 }, "keyframe"), "its own model · free");
});

test("whether a picture goes along is said in words, for each engine", () => {
  const engines = [{ name: "a", models: [{ name: "x", is_default: true, most_references: 0 }, { name: "y", is_default: false, most_references: 3 }] }, { name: "b", models: [] }];
  assert.deepEqual([picturesTaken(engines, "a", ""), picturesTaken(engines, "a", "y"), picturesTaken(engines, "b", ""), picturesTaken(engines, "c", "")], [0, 3, 0, 0]);
  assert.match(pictureNote(card(3, { version: {} }), "a", "y", 3), /still of segment 3 goes along/u);
  assert.match(pictureNote(card(3, { version: {} }), "a", "", 0), /“a” takes no pictures/u);
  assert.match(pictureNote(card(3, { version: null }), "a", "y", 3), /no still yet/u);
});

test("who was left out is named with the reason said once", () => {
  const skipped = [1, 2, 3].map((segment_id) => ({ segment_id, why: segment_id === 2 ? "it is new" : "it is approved" }));
  assert.equal(saidOfSkipped(skipped), "Left 1, 3: it is approved. Left 2: it is new.");
});

test("a tab comes back to its own place, a new one to a crashed one's, and after a goodbye only to its tastes", () => {
  const [tab, browser] = [new Store(), new Store()];
  writePanels(tab, browser, "me|film|keyframe", { size: "large", selected: 7, chosen: [7], sheet: "note" });
  assert.deepEqual(readPanels(tab, browser, "me|film|keyframe"), { size: "large", selected: 7, chosen: [7], sheet: "note" });
  const crashed = readPanels(new Store(), browser, "me|film|keyframe");
  assert.deepEqual([crashed.selected, crashed.chosen, crashed.sheet], [7, [7], undefined]);
  closePanels(browser, "me|film|keyframe");
  assert.deepEqual(readPanels(new Store(), browser, "me|film|keyframe"), { size: "large" });
  assert.deepEqual(readPanels(new Store(), browser, "you|film|keyframe"), {});
});

test("a browser that keeps nothing, or kept nonsense, gives no place", () => {
  const denied = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("denied"); } };
  writePanels(denied, denied, "k", {});
  closePanels(denied, "k");
  assert.deepEqual(readPanels(denied, denied, "k"), {});
  const odd = new Store();
  odd.setItem("dl-panels:k", "{");
  assert.deepEqual(readPanels(odd, odd, "k"), {});
});

test("remarks are no drafts of prompts", () => {
  const draft = (field) => ({ segment_id: 1, field, text: "words", base_text: "", saved_at: "2026-01-01T00:00:00Z" });
  assert.deepEqual(["comment_keyframe", "changes_video", "image_prompt"].map((field) => isRemark(draft(field))), [true, true, false]);
  assert.deepEqual(draftsToOffer([], [draft("note_keyframe")], [card(1)]), []);
});

test("of a hidden set nothing is known but the places and their pictures", () => {
  const set = { is_hidden: true, cells: [{ position: 1, state: "succeeded", src: "/media/blind/v/1", poster: "/p" }, { position: 2, state: "failed", src: null, poster: null }] };
  const [first, second] = cellsOf(set, [{ id: 7, seed: 3 }], [{ id: "t" }]);
  assert.deepEqual(first.version, { id: 0, number: "", src: "/media/blind/v/1", poster: "/p" });
  assert.deepEqual([second.version, second.task], [null, null]);
});

test("as many versions differ as are asked for, and what was written stays", () => {
  const [one, two, three] = armsFor([{ engine: "google", model: "", prompt: "a", preset_id: 0 }], 3);
  assert.equal(one.prompt, "a");
  assert.deepEqual([two, three.engine], [{ engine: "", model: "", prompt: "", preset_id: 0 }, ""]);
  assert.equal(armsFor([one, two, three], 2).length, 2);
});

test("what needs work comes first, unknown things last, and without knowledge the story's order stays", () => {
  const cards = [card(1, { attention: 0.2 }), card(2), card(3, { attention: 0.9 }), card(4, { attention: 0.2 })];
  const ids = (order) => inOrder(cards, order).map((one) => one.segment_id);
  assert.deepEqual(ids("attention"), [3, 1, 4, 2]);
  assert.deepEqual(ids("story"), [1, 2, 3, 4]);
  assert.equal(canOrder([card(1), card(2, { attention: null })]), false);
  assert.deepEqual(inOrder([card(2), card(1)], "attention").map((one) => one.segment_id), [2, 1]);
});
