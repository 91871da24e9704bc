import assert from "node:assert/strict";
import test from "node:test";

import { bytes, duration, money, phaseText } from "../../director_lib/widgets/frame/format.mjs";
import {
  approvalsAfter, approvalsText, countFilters, filterCards, hasApproved, isApproved, lacksApprovals,
  neighbour, nextUndecided, noteTold, settle, stateOf, verdictLook, withOverlays,
} from "../../director_lib/widgets/review_desk/cards.mjs";
import { screenMixin } from "../../director_lib/widgets/frame/screen.mjs";
import { addressWith, draftsToOffer, newerDraft, readAddress, readDrafts, writeDraft } from "../../director_lib/widgets/review_desk/memory.mjs";
import { layout, scrollFor, visibleRange } from "../../director_lib/widgets/review_desk/sheet_window.mjs";
import { historyRows, withoutSuffix, withPreset, wordDiff } from "../../director_lib/widgets/review_desk/words.mjs";

const card = (segment_id, fields = {}) => ({
  segment_id, title: `T${segment_id}`, represents: "", image_prompt: "a boat", motion_prompt: "", stale: [], comments_open: 0,
  version: { id: segment_id }, decision: "undecided", task: null, ...fields,
});

test("a changed word is shown as taken out and put in, the rest stays", () => {
  assert.deepEqual(wordDiff("a red boat", "a blue boat"), [
    { change: "same", text: "a " }, { change: "removed", text: "red" }, { change: "added", text: "blue" }, { change: "same", text: " boat" },
  ]);
});

test("a difference always spells both wordings, whatever they are", () => {
  const words = ["a", "red", "boat", "boat", "é", "!", " ", "\n", "船", "<b>"];
  const sample = (seed) => Array.from({ length: seed % 17 }, (_, n) => words[(seed * 7 + n * n * 3) % words.length]).join(" ");
  for (let seed = 0; seed < 200; seed += 1) {
    const before = sample(seed);
    const after = sample(seed * 3 + 1);
    const runs = wordDiff(before, after);
    assert.equal(runs.filter((run) => run.change !== "added").map((run) => run.text).join(""), before);
    assert.equal(runs.filter((run) => run.change !== "removed").map((run) => run.text).join(""), after);
  }
});

test("a phrase that was replaced is shown as one, not word by word", () => {
  assert.deepEqual(wordDiff("fog, my own sea", "fog, a red harbour"), [
    { change: "same", text: "fog, " }, { change: "removed", text: "my own sea" }, { change: "added", text: "a red harbour" },
  ]);
});

test("the history says which wording is in use and what no older edit tells", () => {
  const edit = (seq, field, before, after, source = "workbench") => ({ seq, field, before, after, source, actor: "dora" });
  const edits = [edit(9, "image_prompt", "c", "a"), edit(8, "image_prompt", "b", "c", "outside"), edit(7, "motion_prompt", "", "pan"), edit(3, "image_prompt", "x", "a")];
  const rows = historyRows(edits, card(1, { image_prompt: "a ", motion_prompt: "tilt", negative_prompt: "" }));
  assert.deepEqual(rows.map((row) => [row.seq, row.isNow, row.isFirst]), [[9, true, false], [8, false, true], [7, false, true], [3, false, true]]);
  assert.equal(rows[1].who, "Edited outside");
  assert.deepEqual(historyRows(null, card(1)), []);
});

test("two texts of ten thousand characters without a common word are compared at once", () => {
  const runs = wordDiff("ab ".repeat(3400) + "x", "cd ".repeat(3400) + "y");
  assert.deepEqual(runs.map((run) => [run.change, run.text.length]), [["removed", 10201], ["added", 10201]]);
});

test("what the stream appends to every prompt is not shown as taken out", () => {
  assert.equal(withoutSuffix("a boat, 35mm film", "35mm film"), "a boat");
  assert.equal(withoutSuffix("a boat. 35mm film", "35mm film"), "a boat.");
  assert.equal(withoutSuffix("a boat", "35mm film"), "a boat");
  assert.equal(withoutSuffix(null, ""), "");
});

test("a preset is added once", () => {
  assert.equal(withPreset("a boat", "soft fog"), "a boat, soft fog");
  assert.equal(withPreset("a boat, soft fog", "soft fog"), "a boat, soft fog");
  assert.equal(withPreset(" ", "soft fog"), "soft fog");
});

test("filters count what they show", () => {
  const cards = [card(1), card(2, { decision: "approved" }), card(3, { decision: "adjust_prompt", stale: ["x"] }),
    card(4, { task: { state: "unknown" }, comments_open: 2 })];
  const counts = countFilters(cards);
  assert.deepEqual(counts, { all: 4, undecided: 2, approved: 1, changes: 1, stale: 1, failed: 1, comments: 1, mentions: 0 });
  for (const [id, count] of Object.entries(counts)) assert.equal(filterCards(cards, id, "").length, count);
});

test("a search needs every word, in any of the texts", () => {
  const cards = [card(1, { image_prompt: "a red boat" }), card(2, { title: "Red house", image_prompt: "a house" })];
  assert.deepEqual(filterCards(cards, "all", "RED boat").map((one) => one.segment_id), [1]);
  assert.equal(filterCards(cards, "all", "  ").length, 2);
});

test("the next undecided is the next one with a picture, from the top again at the end", () => {
  const cards = [card(1), card(2, { version: null }), card(3, { decision: "approved" }), card(4, { task: { state: "queued" } }), card(5)];
  assert.equal(nextUndecided(cards, 1).segment_id, 5);
  assert.equal(nextUndecided(cards, 5).segment_id, 1);
  assert.equal(nextUndecided([card(1)], 1), null);
  assert.equal(nextUndecided([], null), null);
});

test("moving stops at both ends", () => {
  const cards = [card(1), card(2)];
  assert.equal(neighbour(cards, 1, -1).segment_id, 1);
  assert.equal(neighbour(cards, 2, 5).segment_id, 2);
  assert.equal(neighbour([], 1, 1), null);
});

test("an unconfirmed change shows over the truth, and gives way to what the page told since", () => {
  const cards = [card(1), card(2)];
  const overlay = { changes: { 1: { decision: "approved" }, 2: { decision: "approved", note: "mine" } }, told: new Set() };
  assert.deepEqual(withOverlays(cards, [overlay]).map((one) => one.decision), ["approved", "approved"]);
  assert.equal(withOverlays(cards, [])[0], cards[0]);
  noteTold(overlay, { 2: { decision: "regenerate" } });
  assert.deepEqual(settle(cards, overlay).map((one) => one.decision), ["approved", "undecided"]);
  assert.equal(settle(cards, overlay)[1].note, "mine");
});

test("a thousand segments cost a screenful of cards", () => {
  for (const size of ["small", "medium", "large"]) {
    const box = layout(592, size);
    const range = visibleRange(1000, box, 40000, 1250);
    assert.ok(range.to - range.from <= 90, `${size}: ${range.to - range.from}`);
    assert.ok(range.from > 0);
  }
});

test("every card can be scrolled to, and the whole run is as high as its rows", () => {
  const box = layout(320, "medium");
  const end = visibleRange(999, box, 1e9, 800);
  assert.equal(end.to, 999);
  assert.equal(scrollFor(0, box, 500, 800), 0);
  assert.equal(scrollFor(0, box, 0, 800), null);
  assert.ok(scrollFor(998, box, 0, 800) < end.full);
  assert.deepEqual(visibleRange(0, box, 0, 800).full, 0);
});

test("the address keeps other parameters and forgets defaults", () => {
  const href = addressWith("http://h/s/x/keyframes?stream=x&segment=2&version=1", { segment: 7, version: null, filter: "stale" });
  assert.equal(href, "http://h/s/x/keyframes?stream=x&segment=7&filter=stale");
  assert.deepEqual(readAddress("?segment=7&version=x&filter=stale"), { segment: 7, version: null, filter: "stale" });
});

test("the newest unsent text is offered, and only while the prompt says something else", () => {
  const cards = [card(1), card(2)];
  const draft = (segment_id, text, saved_at) => ({ segment_id, field: "image_prompt", text, base_text: "", saved_at });
  const offered = draftsToOffer([draft(1, "local", "2026-01-02T00:00:00Z"), draft(2, "a boat", "2026-01-02T00:00:00Z")],
    [draft(1, "remote", "2026-01-01T00:00:00Z"), draft(9, "gone", "2026-01-01T00:00:00Z")], cards);
  assert.deepEqual(offered.map((one) => one.text), ["local"]);
});

test("words typed here while the page was told of earlier ones are the ones that stay", () => {
  const draft = (text, saved_at) => ({ segment_id: 1, field: "comment_keyframe", text, saved_at });
  const typed = draft("Half a thou", "2026-01-02T10:00:00.000Z");
  assert.equal(newerDraft(typed, draft("H", "2026-01-02T10:00:01.000Z")), typed);
  const elsewhere = draft("Half a thought", "2026-01-02T10:05:00.000Z");
  assert.equal(newerDraft(typed, elsewhere), elsewhere);
  assert.equal(newerDraft(undefined, elsewhere), elsewhere);
  assert.equal(newerDraft(typed, undefined), typed);
  assert.equal(newerDraft(undefined, undefined), null);
});

test("a browser that stores nothing does not stop the desk", () => {
  const full = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("full"); } };
  writeDraft(full, "s", { segment_id: 1, field: "image_prompt", text: "x", base_text: "" });
  assert.deepEqual(readDrafts(new Proxy(full, { ownKeys() { throw new Error("denied"); } }), "s"), []);
});

test("numbers read as people write them", () => {
  assert.deepEqual([money(0), money(1234.5), money(null)], ["$0.00", "$1,234.50", "–"]);
  assert.deepEqual([duration(4), duration(65), duration(7260)], ["4 s", "1 min 5 s", "2 h 1 min"]);
  assert.deepEqual([bytes(999), bytes(1500), bytes(241300)], ["999 B", "1.5 kB", "241 kB"]);
  assert.equal(phaseText({ state: "running", phase: "rendering", percent: 45.9 }), "rendering 45 %");
  assert.equal(phaseText({ state: "running", phase: "being made", percent: 0 }), "being made");
});

test("an approval too few is neither approved nor undecided for who gave it", () => {
  const approved = (by, decision = "approved") => ({ decision, approvals: { by, needed: 2 } });
  const cards = [card(1, approved(["dan"])), card(2, approved(["dora"])), card(3, approved(["dan", "dora"])), card(4, approved([], "regenerate"))];
  assert.deepEqual(cards.map(isApproved), [false, false, true, false]);
  assert.deepEqual(cards.map(lacksApprovals), [true, true, false, false]);
  assert.deepEqual(cards.map((one) => hasApproved(one, "dora")), [false, true, true, false]);
  assert.equal(countFilters(cards).undecided, 2);
  assert.equal(countFilters(cards).approved, 1);
  assert.equal(nextUndecided(cards, 4, "dora").segment_id, 1);
  assert.equal(nextUndecided(cards, 1, "dora"), null);
  assert.equal(nextUndecided(cards, 1, "dan").segment_id, 2);
});

test("approvals are counted once for each person, and anew after sending back", () => {
  const waiting = card(1, { decision: "approved", approvals: { by: ["dan"], needed: 2 } });
  assert.deepEqual(approvalsAfter(waiting, "approved", "dan").by, ["dan"]);
  assert.deepEqual(approvalsAfter(waiting, "approved_with_notes", "dora").by, ["dan", "dora"]);
  assert.deepEqual(approvalsAfter(waiting, "regenerate", "dora").by, []);
  assert.equal(approvalsAfter(card(1), "approved", "dora"), null);
  assert.equal(approvalsText(waiting), "1 of 2 approvals");
  assert.equal(approvalsText({ approvals: { by: ["a", "b", "c"], needed: 2 } }), "2 of 2 approvals");
});

test("what waits for approvals looks like waiting, and without a quorum nothing changes", () => {
  const waiting = card(1, { decision: "approved", approvals: { by: ["dan"], needed: 2 } });
  assert.deepEqual(stateOf(waiting), { icon: "waiting", tone: "waiting", word: "1 of 2 approvals" });
  assert.equal(verdictLook(waiting).word, "Waits for approvals");
  assert.deepEqual(stateOf(card(1, { decision: "approved", approvals: null })), { icon: "check", tone: "approved", word: "Approved" });
});

test("a change of the frame that comes before the frame itself is let go: the frame that follows has it", () => {
  const screen = { frame: null, takeFrame: screenMixin.methods.takeFrame };
  screen.takeFrame({ worker_alive: true });
  assert.equal(screen.frame, null);
  screen.takeFrame({ person: { name: "Ann" }, worker_alive: false });
  screen.takeFrame({ worker_alive: true });
  assert.deepEqual(screen.frame, { person: { name: "Ann" }, worker_alive: true });
});
