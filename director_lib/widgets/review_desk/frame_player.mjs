// Plays a clip and knows at any time which of its frames is on the screen.

import { clamp, frameBeginningAt, frameLength, lastFrame, middleOf } from "./frames.mjs";

const SAME_MS = 150;
const LATE_MS = 400;
const GIVEN_UP_MS = 4000;
const MOST_TRIES = 3;

export class FramePlayer {
  // `tell(frame)` is called whenever a frame has come on the screen, `rest(is)` when the clip comes to rest on one or
  // leaves it.
  constructor(video, tell = () => {}, rest = () => {}) {
    this.video = video;
    this.tell = tell;
    this.rest = rest;
    this.turn = 0;
    this.timing = null;
    this.shown = null;
    this.wanted = null;
    this.running = false;
    this.closed = false;
    this.waiting = new Set();
    this.opened = this.whenOpen();
    this.listen();
  }

  close() {
    this.closed = true;
    this.backward = false;
    this.video.pause();
    for (const resolve of this.waiting) resolve();
  }

  // The last one that was told before the timing was known is told again.
  know(timing) {
    this.timing = timing;
    if (timing && this.mediaTime !== undefined) this.show(this.mediaTime);
    if (timing && this.wanted !== null) this.seek(this.wanted);
  }

  listen() {
    this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      if (this.closed) return;
      this.mediaTime = mediaTime;
      if (this.timing) this.show(mediaTime);
      this.listen();
    });
  }

  show(mediaTime) {
    this.shown = frameBeginningAt(this.timing, mediaTime);
    this.tell(this.shown);
    if (!this.seeking && !this.running && this.wanted === null) this.rest(true);
    for (const resolve of this.waiting) resolve();
  }

  // Shows exactly this frame. Of several wishes in a row only the last one is carried out; the promise is kept when the
  // screen shows it.
  seek(frame) {
    this.wanted = this.timing ? clamp(frame, 0, lastFrame(this.timing)) : frame;
    if (!this.timing) return Promise.resolve();
    this.rest(false);
    this.seeking = this.seeking || this.carryOut().finally(() => {
      this.seeking = null;
      if (this.wanted !== null && !this.closed) return this.seek(this.wanted);
      if (!this.running) this.rest(true);
      return null;
    });
    return this.seeking;
  }

  // A wish to a clip that is not open yet would be mistaken for where it begins. While a clip seeks it may again have
  // no picture ready, so this is waited for once.
  whenOpen() {
    const { video } = this;
    if (video.readyState >= 2 || video.error) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      for (const event of ["loadeddata", "error"]) video.addEventListener(event, resolve, { once: true });
    }).then(() => (this.closed || video.readyState >= 1 || video.error ? null : this.whenOpen()));
  }

  async carryOut() {
    await this.opened;
    while (this.wanted !== null && !this.closed) {
      const frame = this.wanted;
      await this.place(frame);
      if (this.wanted === frame) this.wanted = null;
    }
  }

  // A frame that was on its way when the clip was stopped may come later than the one that was asked for: ask again.
  async place(frame) {
    for (let tries = 0; tries < MOST_TRIES && !this.closed; tries += 1) {
      await this.ask(frame);
      if (this.shown === frame || this.wanted !== frame || this.video.error) return;
    }
  }

  async ask(frame) {
    const { video } = this;
    // The frame that is there already may not be painted, and told, a second time.
    const patience = this.shown === frame ? SAME_MS : LATE_MS;
    const givenUpAt = performance.now() + GIVEN_UP_MS;
    let lateAt = Infinity;
    this.shown = null;
    video.currentTime = middleOf(this.timing, frame);
    while (!this.closed && this.shown !== frame && !video.error) {
      const now = performance.now();
      if (video.seeking) lateAt = Infinity;
      else if (lateAt === Infinity) lateAt = now + patience;
      if (now >= lateAt || now > givenUpAt) {
        // A hidden page paints nothing, so nothing tells of the frame; the file itself is what it is.
        if (this.shown === null) { this.shown = frame; this.tell(frame); }
        return;
      }
      await this.next(Math.min(patience, 50));
    }
  }

  // Resolves with the next frame on the screen, or after a while without one.
  next(patience) {
    return new Promise((resolve) => {
      const done = () => { clearTimeout(timer); this.waiting.delete(done); resolve(); };
      const timer = setTimeout(done, patience);
      this.waiting.add(done);
    });
  }

  step(count) {
    const from = this.wanted !== null ? this.wanted : this.shown || 0;
    return this.seek(from + count);
  }

  async play(speed = 1) {
    this.turn += 1;
    const { turn } = this;
    this.backward = false;
    if (this.seeking) await this.seeking;
    // Somebody may have asked to stop meanwhile.
    if (this.closed || turn !== this.turn) return;
    this.running = true;
    this.rest(false);
    this.video.playbackRate = speed;
    await this.video.play();
  }

  // Holds the frame that is on the screen.
  async pause() {
    this.turn += 1;
    const wasPlaying = this.running || !this.video.paused;
    this.backward = false;
    this.running = false;
    this.video.pause();
    if (wasPlaying && this.timing && this.shown !== null && !this.seeking) await this.seek(this.shown);
  }

  // Frame by frame, as fast as the clip runs or as the machine can.
  async playBack(speed = 1) {
    await this.pause();
    this.backward = true;
    while (this.backward && !this.closed && this.timing && this.shown > 0) {
      const due = performance.now() + (1000 * frameLength(this.timing)) / speed;
      await this.step(-1);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
    this.backward = false;
  }
}
