// Positions and paths of the plots; all functions take plain values.

const isKnown = (value) => value !== null && value !== undefined;

export function linear(from, to, start, end) {
  const range = to - from || 1;
  return (value) => start + ((value - from) / range) * (end - start);
}

// A line through what is known; what is not known leaves a gap.
export function linePath(points, x, y, value) {
  let pen = "M";
  return points.map((point, index) => {
    if (!isKnown(value(point))) { pen = "M"; return ""; }
    const step = `${pen}${x(index).toFixed(1)} ${y(value(point)).toFixed(1)}`;
    pen = "L";
    return step;
  }).join("");
}

// The area between two bounds, one piece for each run of points that have both.
export function bandPath(points, x, y) {
  const runs = [];
  points.forEach((point, index) => {
    if (!isKnown(point.low)) return;
    const last = runs.at(-1);
    if (last && last.at(-1) === index - 1) last.push(index);
    else runs.push([index]);
  });
  return runs.map((run) => {
    const one = run.length === 1 ? 3 : 0;
    const upper = run.flatMap((index) => spot(points[index].high, index, x, y, one));
    const lower = run.flatMap((index) => spot(points[index].low, index, x, y, one, true)).reverse();
    return `M${[...upper, ...lower].join("L")}Z`;
  }).join("");
}

function spot(value, index, x, y, wide, turned = false) {
  const at = (by) => `${(x(index) + by).toFixed(1)} ${y(value).toFixed(1)}`;
  if (!wide) return [at(0)];
  return turned ? [at(-wide), at(wide)] : [at(-wide), at(wide)];
}

// A stepped line: what holds from each time until the next.
export function stepPath(points, x, y, until) {
  if (!points.length) return "";
  let path = `M${x(0).toFixed(1)} ${y(0).toFixed(1)}`;
  for (const [at, share] of points) path += `H${x(at).toFixed(1)}V${y(share).toFixed(1)}`;
  return `${path}H${x(until).toFixed(1)}`;
}

const DAY = 86400;
const STEPS = [60, 300, 900, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 365 * DAY];

export function timeTicks(seconds, most = 6) {
  const step = STEPS.find((size) => seconds / size <= most) || STEPS.at(-1) * Math.ceil(seconds / STEPS.at(-1) / most);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, place) => place * step);
}

export function shortTime(seconds) {
  if (seconds === 0) return "0";
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / DAY)} d`;
}

// About so many labels, the last one always among them.
export function everyNth(count, room, each) {
  const step = Math.max(1, Math.ceil((count * each) / Math.max(room, 1)));
  return (index) => (count - 1 - index) % step === 0;
}
