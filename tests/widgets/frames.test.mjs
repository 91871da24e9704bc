import assert from "node:assert/strict";
import test from "node:test";

import {
  SPEEDS, frameAt, frameBeginningAt, lastFrame, matchingFrame, middleOf, nextSpeed, rateText, timecode,
} from "../../director_lib/widgets/review_desk/frames.mjs";
import { framesAt, Lockstep, newestPair, rangeOf } from "../../director_lib/widgets/review_desk/lockstep.mjs";
import { addressWithPair, readPair, PLAIN } from "../../director_lib/widgets/review_desk/pair_address.mjs";
import { fitted, placesOf, sharesOf } from "../../director_lib/widgets/review_desk/pair_drawing.mjs";

const RATES = [[24000, 1001], [24, 1], [25, 1], [30000, 1001], [30, 1], [60, 1]];
const clip = ([num, den], n_frames = 200000, start = 0) => ({ num, den, n_frames, per_s: 1000, start, times: null });
const microseconds = (seconds) => Math.round(seconds * 1e6) / 1e6;

test("every frame of two hours is found again by its middle and by its rounded beginning, at every rate", () => {
  for (const rate of RATES) {
    for (const start of [0, 208]) {
      const timing = clip(rate, 432001, start);
      for (let frame = 0; frame < timing.n_frames; frame += 977) {
        assert.equal(frameAt(timing, middleOf(timing, frame)), frame);
        assert.equal(frameBeginningAt(timing, microseconds(start / 1000 + (frame * rate[1]) / rate[0])), frame);
      }
      assert.equal(frameAt(timing, middleOf(timing, lastFrame(timing))), lastFrame(timing));
    }
  }
});

test("uneven frames are found by their own times", () => {
  const timing = { num: 24, den: 1, n_frames: 4, per_s: 1000, start: 10, times: [10, 50, 150, 160] };
  assert.deepEqual([0, 1, 2, 3].map((frame) => frameAt(timing, middleOf(timing, frame))), [0, 1, 2, 3]);
  assert.deepEqual([0.0, 0.0501, 0.1499, 0.16, 9].map((at) => frameBeginningAt(timing, at)), [0, 1, 2, 3, 3]);
});

test("frames of one rate match by number, of two rates by what is on the screen together", () => {
  assert.equal(matchingFrame(clip([30000, 1001]), clip([30000, 1001]), 12345), 12345);
  assert.deepEqual([0, 1, 2, 3, 4].map((frame) => matchingFrame(clip([24, 1]), clip([60, 1]), frame)), [1, 3, 6, 8, 11]);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((frame) => matchingFrame(clip([60, 1]), clip([24, 1]), frame)), [0, 0, 1, 1, 1, 2]);
  for (const one of RATES) {
    for (const other of RATES) {
      for (const frame of [0, 1, 17, 99999]) {
        const there = matchingFrame(clip(one), clip(other), frame);
        const at = middleOf(clip(one), frame);
        assert.ok(Math.abs(at - middleOf(clip(other), there)) <= other[1] / other[0] / 2 + 1e-9);
      }
    }
  }
});

test("a timecode counts whole frames", () => {
  assert.equal(timecode(clip([24000, 1001]), 24), "00:01:00");
  assert.equal(timecode(clip([25, 1]), 25 * 61 + 7), "01:01:07");
  assert.deepEqual(RATES.map((rate) => rateText(clip(rate))), ["23.976 fps", "24 fps", "25 fps", "29.97 fps", "30 fps", "60 fps"]);
});

test("speed goes by steps and its ends hold", () => {
  assert.equal(nextSpeed(1, 1), 1.5);
  assert.equal(nextSpeed(SPEEDS[0], -1), SPEEDS[0]);
  assert.equal(nextSpeed(2, 1), 2);
});

test("a position is where both clips have a frame, whatever their shifts", () => {
  const timings = { left: clip([24, 1], 100), right: clip([24, 1], 80) };
  assert.deepEqual(rangeOf(timings, { left: 0, right: 0 }), { first: 0, last: 79 });
  assert.deepEqual(rangeOf(timings, { left: 30, right: 0 }), { first: 0, last: 69 });
  assert.deepEqual(rangeOf(timings, { left: 0, right: -5 }), { first: 5, last: 84 });
  for (const offsets of [{ left: 3, right: 0 }, { left: -3, right: 0 }, { left: 0, right: 7 }, { left: -2, right: -9 }]) {
    const { first, last } = rangeOf(timings, offsets);
    for (const position of [first, last]) {
      const { left, right } = framesAt(timings, offsets, position);
      assert.ok(left >= 0 && left < 100 && right >= 0 && right < 80, JSON.stringify({ offsets, position, left, right }));
    }
  }
});

test("the newest pair that belongs together is shown, and never one that is two frames apart", () => {
  const timings = { left: clip([24, 1]), right: clip([24, 1]) };
  const none = { left: 0, right: 0 };
  const kept = (left, right) => ({ left: left.map((frame) => ({ frame })), right: right.map((frame) => ({ frame })) });
  const pick = (left, right, offsets = none, after = -1) => {
    const pair = newestPair(kept(left, right), timings, offsets, after);
    return pair && [pair.left.frame, pair.right.frame];
  };
  assert.deepEqual(pick([1, 2, 3], [1, 2, 3, 4]), [3, 3]);
  assert.deepEqual(pick([1, 2, 3], [4]), [3, 4]);
  assert.equal(pick([1, 2, 3], [5]), null);
  assert.equal(pick([1, 2, 3], [3], none, 3), null);
  assert.deepEqual(pick([11, 12], [1, 2, 3], { left: 10, right: 0 }), [12, 2]);
});

test("the comparison is in the address, and only what differs from the plain view", () => {
  const href = "http://h/s/x/videos?segment=1&version=3";
  assert.equal(addressWithPair(href, PLAIN), href);
  const state = { ...PLAIN, compareWith: 2, mode: "wipe", wipe: 30, at: 37, offsets: { left: -2, right: 0 }, speed: 0.5 };
  const address = addressWithPair(href, state);
  assert.equal(address, `${href}&compare=2&mode=wipe&wipe=30&offset=-2%2C0&speed=0.5&frame=37`);
  assert.deepEqual(readPair(new URL(address).search), state);
  assert.deepEqual(readPair(new URL(addressWithPair(address, PLAIN)).search), PLAIN);
  const flipped = { ...PLAIN, cut: true, mode: "flip", seen: "left" };
  assert.deepEqual(readPair(new URL(addressWithPair(href, flipped)).search), flipped);
});

test("an address that says nonsense is the plain view", () => {
  assert.deepEqual(readPair("?compare=x&mode=theme&wipe=-4x&seen=up&gain=1e9&offset=a,b,c&speed=7&frame=-1&cut=yes"), { ...PLAIN });
  assert.deepEqual(readPair("?wipe=999&frame=99999999&offset=-99999,5").wipe, 100);
});

test("a picture fits whole into its place, and two stand side by side", () => {
  assert.deepEqual(fitted({ width: 200, height: 100 }, { x: 10, y: 0, width: 100, height: 100 }), { x: 10, y: 25, width: 100, height: 50 });
  const size = { width: 160, height: 90 };
  const { left, right } = placesOf("side", { width: 322, height: 90 }, size, size);
  assert.deepEqual([left.x, right.x, left.width], [0, 162, 160]);
  assert.deepEqual(placesOf("wipe", { width: 320, height: 90 }, size, size).left, placesOf("wipe", { width: 320, height: 90 }, size, size).right);
});

test("places are told in fractions of the canvas, so that drawings lie over them at any size", () => {
  const canvas = { width: 402, height: 200 };
  const { left, right } = sharesOf(placesOf("side", canvas, { width: 16, height: 9 }, { width: 16, height: 9 }), canvas);
  assert.deepEqual([left.x, left.width, right.x].map((share) => Math.round(share * 402)), [0, 200, 202]);
  assert.equal(left.y + left.height / 2, 0.5);
});

test("a pause while the last frame is still on its way keeps a loop from beginning anew", async () => {
  let arrive;
  let begunAnew = 0;
  const still = { video: { pause() {} } };
  const steps = Object.assign(Object.create(Lockstep.prototype), {
    playing: true, turn: 0, sides: { left: still, right: still },
    seek: () => new Promise((resolve) => { arrive = resolve; }), ended: () => { begunAnew += 1; },
  });
  for (const isPaused of [false, true]) {
    steps.playing = true;
    const ending = steps.finish(9);
    if (isPaused) await steps.pause();
    arrive();
    await ending;
    assert.equal(begunAnew, 1);
  }
});
