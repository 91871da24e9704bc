// Opens what is compared.

import { FramePlayer } from "./frame_player.mjs";
import { lastFrame } from "./frames.mjs";

// Resolves with a picture that can be drawn at once.
export async function openStill(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return picture;
}

// Resolves with a clip that shows its first or its last frame, and how to let go of it.
export async function openClipEnd(version, timing, end) {
  const video = Object.assign(document.createElement("video"), { src: version.src, muted: true, preload: "auto", playsInline: true });
  await new Promise((resolve, reject) => {
    video.addEventListener("loadeddata", resolve, { once: true });
    video.addEventListener("error", () => reject(new Error(video.error ? video.error.message : "no picture")), { once: true });
  });
  const player = new FramePlayer(video);
  player.know(timing);
  await player.seek(end === "last" ? lastFrame(timing) : 0);
  const frame = player.shown;
  return { source: video, frame, close() { player.close(); video.removeAttribute("src"); video.load(); } };
}

export function unreadable(error) {
  return `One of the two cannot be shown (${error.message || error.name}). Both files are safe.`;
}
