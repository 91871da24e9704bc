// Draws two pictures on one canvas so that they can be compared.

export const MODES = [
  { id: "side", label: "Side by side", action: "sideBySide", icon: "side" },
  { id: "wipe", label: "Wipe", action: "wipe", icon: "wipe" },
  { id: "flip", label: "Flip", action: "flip", icon: "flip" },
  { id: "difference", label: "Difference", action: "difference", icon: "difference" },
];

const GAP = 2;

export function sizeOf(source) {
  return {
    width: source.videoWidth || source.naturalWidth || source.width || 0,
    height: source.videoHeight || source.naturalHeight || source.height || 0,
  };
}

// Where a picture goes in a box when all of it is to be seen.
export function fitted(size, box) {
  const scale = Math.min(box.width / size.width, box.height / size.height);
  const width = size.width * scale;
  const height = size.height * scale;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

// Where both pictures go on a canvas of this size.
export function placesOf(mode, canvas, left, right) {
  const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
  if (mode !== "side") return { left: fitted(left, whole), right: fitted(right, whole) };
  const half = (canvas.width - GAP) / 2;
  return {
    left: fitted(left, { ...whole, width: half }),
    right: fitted(right, { ...whole, x: half + GAP, width: half }),
  };
}

// The same places in fractions of the canvas, whatever its size on the screen.
export function sharesOf(places, canvas) {
  const share = ({ x, y, width, height }) => ({ x: x / canvas.width, y: y / canvas.height, width: width / canvas.width, height: height / canvas.height });
  return { left: share(places.left), right: share(places.right) };
}

function put(context, source, place) {
  context.drawImage(source, place.x, place.y, place.width, place.height);
}

function drawWipe(context, { left, right }, places, wipe) {
  const { x, y, width, height } = places.right;
  const edge = x + width * wipe;
  put(context, left, places.left);
  context.save();
  context.beginPath();
  context.rect(edge, y, x + width - edge, height);
  context.clip();
  put(context, right, places.right);
  context.restore();
  context.fillStyle = "#e9b463";
  context.fillRect(Math.round(edge) - 1, y, 2, height);
}

// Equal pixels become black; each step of `gain` makes what is left twice as bright.
function drawDifference(context, { left, right }, places, gain) {
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  put(context, left, places.left);
  context.globalCompositeOperation = "difference";
  put(context, right, places.right);
  context.globalCompositeOperation = "lighter";
  for (let step = 0; step < gain; step += 1) context.drawImage(context.canvas, 0, 0);
  context.globalCompositeOperation = "source-over";
}

export function drawPair(canvas, pair, { mode, wipe, seen, gain }) {
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#080809";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const places = placesOf(mode, canvas, sizeOf(pair.left), sizeOf(pair.right));
  if (mode === "wipe") drawWipe(context, pair, places, wipe / 100);
  else if (mode === "difference") drawDifference(context, pair, places, gain);
  else if (mode === "flip") put(context, pair[seen], places[seen]);
  else { put(context, pair.left, places.left); put(context, pair.right, places.right); }
  return places;
}
