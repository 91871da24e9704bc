// Two clips on one transport. Its position counts frames of the right clip; each side may be shifted by whole frames.

import { FramePlayer } from "./frame_player.mjs";
import { clamp, frameBeginningAt, frameLength, lastFrame, matchingFrame } from "./frames.mjs";

const KEPT = 5;
const DRIFT_S = 0.004;
const FARTHEST_S = 0.25;

// The frames of both sides at a position; they may lie outside of their clips.
export function framesAt(timings, offsets, position) {
  return {
    left: matchingFrame(timings.right, timings.left, position) + offsets.left,
    right: position + offsets.right,
  };
}

// The positions at which both clips have a frame.
export function rangeOf(timings, offsets) {
  const lastLeft = lastFrame(timings.left) - offsets.left;
  const most = Math.min(lastFrame(timings.right) - offsets.right, matchingFrame(timings.left, timings.right, lastLeft));
  const least = Math.max(-offsets.right, matchingFrame(timings.left, timings.right, -offsets.left), 0);
  return { first: Math.min(least, Math.max(0, most)), last: Math.max(0, most) };
}

// Of frames that were kept from both clips while they play: the newest pair that belongs together, else the newest that
// is one frame apart; null when there is none.
export function newestPair(kept, timings, offsets, after) {
  let best = null;
  for (const right of kept.right) {
    const position = right.frame - offsets.right;
    const wanted = framesAt(timings, offsets, position).left;
    for (const left of kept.left) {
      const apart = Math.abs(left.frame - wanted);
      const isBetter = !best || apart < best.apart || (apart === best.apart && position > best.position);
      if (apart <= 1 && position > after && isBetter) best = { position, left, right, apart };
    }
  }
  return best;
}

export class Lockstep {
  // `present({position, left, right})` gets what to draw for each side and which frame it is; `ended()` is called at the end.
  constructor(videos, { present, ended }) {
    this.present = present;
    this.ended = ended;
    this.offsets = { left: 0, right: 0 };
    this.timings = null;
    this.playing = false;
    this.position = 0;
    this.speed = 1;
    this.turn = 0;
    this.kept = { left: [], right: [] };
    this.sides = {
      left: new FramePlayer(videos.left, (frame) => this.take("left", frame)),
      right: new FramePlayer(videos.right, (frame) => this.take("right", frame)),
    };
  }

  close() {
    this.turn += 1;
    this.playing = false;
    for (const side of Object.values(this.sides)) side.close();
  }

  know(timings) {
    this.timings = timings;
    this.sides.left.know(timings.left);
    this.sides.right.know(timings.right);
  }

  range() {
    return this.timings ? rangeOf(this.timings, this.offsets) : { first: 0, last: 0 };
  }

  async seek(position) {
    const { first, last } = this.range();
    this.position = clamp(position, first, last);
    if (!this.timings) return;
    const frames = framesAt(this.timings, this.offsets, this.position);
    const place = (side) => this.sides[side].seek(clamp(frames[side], 0, lastFrame(this.timings[side])));
    const wanted = this.position;
    await Promise.all([place("left"), place("right")]);
    if (this.playing || wanted !== this.position) return;
    const now = (side) => ({ source: this.sides[side].video, frame: this.sides[side].shown });
    this.present({ position: this.position, left: now("left"), right: now("right") });
  }

  async step(count) {
    await this.pause();
    await this.seek(this.position + count);
  }

  async jump(position) {
    const wasPlaying = this.playing;
    await this.pause();
    await this.seek(position);
    if (wasPlaying) await this.play();
  }

  async shift(offsets) {
    const wasPlaying = this.playing;
    await this.pause();
    this.offsets = { ...offsets };
    await this.seek(this.position);
    if (wasPlaying) await this.play();
  }

  async play(speed = this.speed) {
    this.speed = speed;
    this.turn += 1;
    const { turn } = this;
    const { first, last } = this.range();
    await this.seek(this.position >= last ? first : this.position);
    if (turn !== this.turn || !this.timings) return;
    this.kept = { left: [], right: [] };
    this.playing = true;
    await Promise.all([this.sides.left.play(speed), this.sides.right.play(speed)]);
  }

  // Both stop at the pair that was on the screen last.
  async pause() {
    this.turn += 1;
    if (!this.playing) return;
    this.playing = false;
    for (const side of Object.values(this.sides)) side.video.pause();
    await this.seek(this.position);
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.playing) for (const side of Object.values(this.sides)) side.video.playbackRate = speed;
  }

  // A frame came on the screen of one side: keep a copy until its counterpart is there, too.
  take(side, frame) {
    if (!this.playing) return;
    const kept = this.kept[side];
    const slot = kept.length < KEPT ? { canvas: document.createElement("canvas") } : kept.shift();
    const { video } = this.sides[side];
    if (slot.canvas.width !== video.videoWidth) [slot.canvas.width, slot.canvas.height] = [video.videoWidth, video.videoHeight];
    slot.frame = this.copy(slot.canvas, side, frame);
    kept.push(slot);
    this.showNewest();
    this.correct();
    this.stopAtEnd(side, frame);
  }

  // On a busy machine the clip may be a frame further by now than the one that was told, so the copy itself is asked
  // which one it is.
  copy(canvas, side, frame) {
    const { video } = this.sides[side];
    const context = canvas.getContext("2d");
    if (typeof VideoFrame !== "function") { context.drawImage(video, 0, 0); return frame; }
    const picture = new VideoFrame(video);
    context.drawImage(picture, 0, 0);
    const now = frameBeginningAt(this.timings[side], picture.timestamp / 1e6);
    picture.close();
    return now;
  }

  showNewest() {
    const pair = newestPair(this.kept, this.timings, this.offsets, this.position);
    if (!pair) return;
    this.position = pair.position;
    const shown = (slot) => ({ source: slot.canvas, frame: slot.frame });
    this.present({ position: pair.position, left: shown(pair.left), right: shown(pair.right) });
  }

  // The right clip is the one that may be heard, so only the left one is hurried, held back or moved.
  correct() {
    const { left, right } = this.sides;
    const lead = this.place("left") - this.place("right");
    if (Math.abs(lead) > FARTHEST_S) {
      left.video.currentTime -= lead;
    } else {
      left.video.playbackRate = Math.abs(lead) > DRIFT_S ? this.speed * clamp(1 - 2 * lead, 0.9, 1.1) : this.speed;
    }
  }

  // How far a side has come, in seconds since its first frame, without its shift.
  place(side) {
    const timing = this.timings[side];
    const begins = (timing.times ? timing.times[0] : timing.start) / timing.per_s;
    return this.sides[side].video.currentTime - begins - this.offsets[side] * frameLength(timing);
  }

  stopAtEnd(side, frame) {
    const { last } = this.range();
    const end = clamp(framesAt(this.timings, this.offsets, last)[side], 0, lastFrame(this.timings[side]));
    if (frame >= end || this.sides[side].video.ended) this.finish(last);
  }

  async finish(last) {
    if (!this.playing) return;
    const { turn } = this;
    this.playing = false;
    for (const side of Object.values(this.sides)) side.video.pause();
    await this.seek(last);
    // Who paused meanwhile does not want it to begin anew.
    if (turn === this.turn) this.ended();
  }
}
