// What is compared, how, and at which frame, as parts of the address.

import { SPEEDS, clamp } from "./frames.mjs";
import { MODES } from "./pair_drawing.mjs";

export const PLAIN = { compareWith: null, cut: false, mode: "side", wipe: 50, seen: "right", gain: 0, offsets: { left: 0, right: 0 }, speed: 1, at: 0 };
export const MOST_GAIN = 5;
const FARTHEST = 9999;

const whole = (text, least, most) => (/^-?\d{1,7}$/u.test(text || "") ? clamp(Number(text), least, most) : null);

export function readPair(search) {
  const query = new URLSearchParams(search);
  const number = (name, least, most, otherwise) => whole(query.get(name), least, most) ?? otherwise;
  const [left, right] = (query.get("offset") || "").split(",").map((part) => whole(part, -FARTHEST, FARTHEST) || 0);
  return {
    compareWith: number("compare", 1, 1e6, null),
    cut: query.get("cut") === "1",
    mode: MODES.some((mode) => mode.id === query.get("mode")) ? query.get("mode") : PLAIN.mode,
    wipe: number("wipe", 0, 100, PLAIN.wipe),
    seen: query.get("seen") === "left" ? "left" : "right",
    gain: number("gain", 0, MOST_GAIN, 0),
    offsets: { left: left || 0, right: right || 0 },
    speed: SPEEDS.find((speed) => String(speed) === query.get("speed")) || 1,
    at: number("frame", 0, 1e6, 0),
  };
}

// Only what differs from the plain view is written; what belongs to another way of comparing is left out.
export function addressWithPair(href, state) {
  const url = new URL(href);
  const put = (name, value) => (value === null ? url.searchParams.delete(name) : url.searchParams.set(name, String(value)));
  const open = state.compareWith !== null || state.cut;
  const { left, right } = state.offsets;
  put("compare", state.compareWith);
  put("cut", state.cut ? 1 : null);
  put("mode", open && state.mode !== PLAIN.mode ? state.mode : null);
  put("wipe", open && state.mode === "wipe" && state.wipe !== PLAIN.wipe ? state.wipe : null);
  put("seen", open && state.mode === "flip" && state.seen !== PLAIN.seen ? state.seen : null);
  put("gain", open && state.mode === "difference" && state.gain ? state.gain : null);
  put("offset", state.compareWith !== null && (left || right) ? `${left},${right}` : null);
  put("speed", state.speed !== 1 ? state.speed : null);
  put("frame", state.at && !state.cut ? state.at : null);
  return url.toString();
}
