import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceNote, chanceText, hasWords } from "../../director_lib/widgets/review_desk/advice_words.mjs";
import { chosenEffects, markOf, oddsPlace } from "../../director_lib/widgets/advice_page/effects.mjs";

const READY = { state: "ready", n: 900, needed: 500, prompts: [], to_add: [], in_prompt: [] };

test("a chance is said with its interval", () => {
  assert.equal(chanceText({ predicted: 0.716, low: 0.44, high: 0.931 }), "72 % predicted (95 % 44–93 %)");
});

test("why there is no advice is said, and nothing when there is some", () => {
  assert.equal(adviceNote(null), "");
  assert.match(adviceNote({ state: "none" }), /^Nothing was learned yet/u);
  assert.match(adviceNote({ ...READY, state: "too_little", n: 12 }), /^Not enough data: 12 of about 500/u);
  assert.match(adviceNote({ ...READY, state: "no_better" }), /^Not enough data/u);
  assert.match(adviceNote(READY), /^No approved prompt/u);
  assert.equal(adviceNote({ ...READY, prompts: [{}] }), "");
});

test("a phrase is found as words, whatever case and hyphens, and in scripts without blanks", () => {
  assert.ok(hasWords("A slow-motion Whip-Pan.", "whip pan"));
  assert.ok(!hasWords("a whip panorama", "whip pan"));
  assert.ok(hasWords("窓辺の少女、柔らかい光が差す", "柔らかい光"));
  assert.ok(hasWords("LÁGY FÉNY", "lágy fény"));
  assert.ok(!hasWords("", "pan"));
});

test("effects are chosen by kind, verdict and words", () => {
  const rows = [
    { phrase: "gentle pan", verdict: "helps", n_keyframe: 0, n_video: 9 },
    { phrase: "fog", verdict: "not enough data", n_keyframe: 7, n_video: 0 },
  ];
  const names = (wanted) => chosenEffects(rows, { kind: "", verdict: "", words: "", ...wanted }).map((one) => one.phrase);
  assert.deepEqual(names({}), ["gentle pan", "fog"]);
  assert.deepEqual(names({ kind: "keyframe" }), ["fog"]);
  assert.deepEqual(names({ verdict: "helps" }), ["gentle pan"]);
  assert.deepEqual(names({ words: " PAN " }), ["gentle pan"]);
});

test("an odds ratio of one stands in the middle, and nothing leaves the line", () => {
  assert.equal(oddsPlace(1), 50);
  assert.equal(oddsPlace(1000), 100);
  assert.equal(oddsPlace(0), 0);
  assert.equal(markOf({ odds_ratio: null }), null);
  assert.deepEqual(markOf({ odds_ratio: 1, odds_low: 1 / 6, odds_high: 6 }), { at: 50, low: 0, high: 100 });
});
