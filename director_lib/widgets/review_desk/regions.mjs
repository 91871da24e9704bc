// Boxes, arrows and free lines over a picture. Points are [across, down] in fractions of the picture, from 0 to 1.

export const MOST_SHAPES = 12;
export const TOOLS = [
  { kind: "box", label: "Box", icon: "box" },
  { kind: "arrow", label: "Arrow", icon: "arrow" },
  { kind: "stroke", label: "Draw", icon: "stroke" },
];
export const STEP = 0.02;

const MOST_POINTS = 400;
const LEAST_SIZE = 0.008;
const ARROW_HEAD = 0.028;
const ARROW_ANGLE = 0.45;

const within = (value) => Math.max(0, Math.min(1, value));
const round = (value) => Math.round(value * 10000) / 10000;

export function pointInside([x, y]) {
  return [round(within(x)), round(within(y))];
}

// Where a shape begins when it is placed by keys.
export function firstShape(kind) {
  if (kind === "stroke") return { kind, points: [[0.5, 0.5], [0.5, 0.5]] };
  return { kind, points: kind === "box" ? [[0.4, 0.4], [0.6, 0.6]] : [[0.4, 0.6], [0.5, 0.5]] };
}

// Moves all of a shape without pushing it out of the picture or out of its form.
export function moved({ kind, points }, dx, dy) {
  const fit = (delta, values) => Math.max(-Math.min(...values), Math.min(1 - Math.max(...values), delta));
  const across = fit(dx, points.map(([x]) => x));
  const down = fit(dy, points.map(([, y]) => y));
  return { kind, points: points.map(([x, y]) => pointInside([x + across, y + down])) };
}

// Moves its end: a box's corner, an arrow's head; a free line goes on from there.
export function stretched({ kind, points }, dx, dy) {
  const [x, y] = points[points.length - 1];
  const end = pointInside([x + dx, y + dy]);
  return { kind, points: kind === "stroke" ? [...points, end] : [points[0], end] };
}

// What one arrow key does: it moves the shape, with Shift its end; a free line is drawn on.
export function nudged(shape, key, shift) {
  const [dx, dy] = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[key];
  const drawsOn = shape.kind === "stroke" ? !shift : shift;
  return drawsOn ? stretched(shape, dx, dy) : moved(shape, dx, dy);
}

// The shape after the pointer has come to a point.
export function drawnTo(shape, point) {
  const end = pointInside(point);
  return { ...shape, points: shape.kind === "stroke" ? [...shape.points, end] : [shape.points[0], end] };
}

// Ready to be kept, with few enough points; null for what was hardly drawn.
export function finished({ kind, points }) {
  const size = (axis) => Math.max(...points.map((point) => point[axis])) - Math.min(...points.map((point) => point[axis]));
  if (Math.max(size(0), size(1)) < LEAST_SIZE) return null;
  const every = Math.ceil(points.length / (MOST_POINTS - 1));
  const last = points.length - 1;
  return { kind, points: points.filter((_, n) => n % every === 0 || n === last) };
}

// The path that draws a shape on a picture of this size.
export function pathOf({ kind, points }, width, height) {
  const at = points.map(([x, y]) => [x * width, y * height]);
  const text = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (kind === "stroke") return `M${at.map(text).join("L")}`;
  const [[x1, y1], [x2, y2]] = at;
  if (kind === "box") return `M${text([x1, y1])}H${x2.toFixed(1)}V${y2.toFixed(1)}H${x1.toFixed(1)}Z`;
  const back = Math.atan2(y1 - y2, x1 - x2);
  const wing = (turn) => [x2 + Math.cos(back + turn) * width * ARROW_HEAD, y2 + Math.sin(back + turn) * width * ARROW_HEAD];
  return `M${text(at[0])}L${text(at[1])}M${text(wing(ARROW_ANGLE))}L${text(at[1])}L${text(wing(-ARROW_ANGLE))}`;
}

export function describeShapes(shapes) {
  const names = { box: "box", arrow: "arrow", stroke: "line" };
  return shapes.map(({ kind }) => names[kind]).join(", ");
}
