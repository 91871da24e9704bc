// A clip's frames, counted in whole numbers; its rate is a fraction of whole numbers ("23.976" is 24000/1001) and never
// rounded. A timing is {num, den, n_frames, per_s, start, times}: `times`, for clips whose frames are not evenly spaced,
// and `start` count units of 1 / per_s seconds.

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2];

export function lastFrame(timing) {
  return timing.n_frames - 1;
}

export function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}

// When a frame's middle is on the screen, in seconds: the time to seek to, as far as can be from both neighbours.
export function middleOf(timing, frame) {
  const { num, den, per_s, start, times } = timing;
  if (!times) return start / per_s + ((2 * frame + 1) * den) / (2 * num);
  const end = frame < times.length - 1 ? times[frame + 1] : times[frame] + (per_s * den) / num;
  return (times[frame] + end) / (2 * per_s);
}

// The frame that begins at this time. A browser tells the beginning of the frame it shows, rounded to microseconds.
export function frameBeginningAt(timing, seconds) {
  const { num, den, per_s, start, times } = timing;
  if (!times) return clamp(Math.round(((seconds - start / per_s) * num) / den), 0, lastFrame(timing));
  const place = times.findIndex((time) => time > seconds * per_s);
  if (place === 0) return 0;
  const after = place === -1 ? times.length : place;
  const isNearer = after < times.length && times[after] - seconds * per_s < seconds * per_s - times[after - 1];
  return isNearer ? after : after - 1;
}

// The frame that is on the screen at this time.
export function frameAt(timing, seconds) {
  const { num, den, per_s, start, times } = timing;
  if (!times) return clamp(Math.floor(((seconds - start / per_s) * num) / den), 0, lastFrame(timing));
  const place = times.findIndex((time) => time > seconds * per_s);
  return place === -1 ? times.length - 1 : Math.max(0, place - 1);
}

export function sameRate(one, other) {
  return !one.times && !other.times && one.num * other.den === other.num * one.den;
}

// The frame of `other` that is on the screen together with a frame of `one` when both begin together; not clamped.
export function matchingFrame(one, other, frame) {
  if (sameRate(one, other)) return frame;
  if (!one.times && !other.times) return Math.floor(((2 * frame + 1) * one.den * other.num) / (2 * one.num * other.den));
  const inside = middleOf(one, clamp(frame, 0, lastFrame(one))) - middleOf(one, 0) + frameLength(one) / 2;
  return frameAt(other, inside + (other.times ? other.times[0] : other.start) / other.per_s);
}

export function frameLength(timing) {
  return timing.den / timing.num;
}

// As editors write it: minutes, seconds and frames, counted at the rate's whole number.
export function timecode(timing, frame) {
  const rate = Math.round(timing.num / timing.den);
  const pad = (value) => String(value).padStart(2, "0");
  const whole = Math.floor(frame / rate);
  return `${pad(Math.floor(whole / 60))}:${pad(whole % 60)}:${pad(frame % rate)}`;
}

export function rateText(timing) {
  return `${Number((timing.num / timing.den).toFixed(3))} fps`;
}

export function speedText(speed) {
  return `${speed}×`;
}

// The next speed up or down; the ends hold.
export function nextSpeed(speed, step) {
  return SPEEDS[clamp(SPEEDS.indexOf(speed) + step, 0, SPEEDS.length - 1)];
}
