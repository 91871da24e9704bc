// Which rows of a long spec have to exist. Rows are as high as their words; those never shown count as an estimate.

const ESTIMATE = 236;
const OVERSCAN_PX = 700;

// Where each row begins, and where the last one ends.
export function offsetsOf(order, heights) {
  const offsets = [0];
  for (const id of order) offsets.push(offsets[offsets.length - 1] + (heights[id] || ESTIMATE));
  return offsets;
}

function rowAt(offsets, y) {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle + 1] <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function rangeOf(offsets, top, height) {
  const total = offsets.length - 1;
  if (total <= 0) return { from: 0, to: 0, top: 0, full: 0 };
  const from = Math.min(total - 1, rowAt(offsets, Math.max(0, top - OVERSCAN_PX)));
  const to = Math.min(total, rowAt(offsets, top + height + OVERSCAN_PX) + 1);
  return { from, to, top: offsets[from], full: offsets[total] };
}

// Sections by the row that they begin at, and those that stand over no row.
export function sectionsByRow(order, sections) {
  const place = new Map(order.map((id, n) => [id, n]));
  const starts = {};
  const goesOn = {};
  const loose = [];
  for (const section of sections) {
    const known = section.segment_ids.filter((id) => place.has(id)).sort((one, other) => place.get(one) - place.get(other));
    if (!known.length) { loose.push(section); continue; }
    (starts[known[0]] = starts[known[0]] || []).push(section);
    for (const id of known.slice(1)) (goesOn[id] = goesOn[id] || []).push(section.id);
  }
  return { starts, goesOn, loose };
}

// The segment that a moved one comes before; undefined when it cannot go further.
export function neighbourFor(order, id, step) {
  const at = order.indexOf(id);
  if (step < 0) return at > 0 ? order[at - 1] : undefined;
  if (at < 0 || at >= order.length - 1) return undefined;
  return at + 2 < order.length ? order[at + 2] : null;
}
