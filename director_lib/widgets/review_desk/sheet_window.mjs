// Which rows of a long contact sheet have to exist, so that a thousand segments cost no more than a screenful.

const SIZES = {
  small: { min: 96, text: 26 },
  medium: { min: 148, text: 68 },
  large: { min: 288, text: 86 },
};
const GAP = 10;
const OVERSCAN = 1;

export function layout(width, size) {
  const { min, text } = SIZES[size] || SIZES.medium;
  const columns = Math.max(1, Math.floor((width + GAP) / (min + GAP)));
  const cardWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  return { columns, cardWidth, cardHeight: Math.round((cardWidth * 9) / 16) + text, gap: GAP };
}

export function visibleRange(total, { columns, cardHeight, gap }, scrollTop, height) {
  const step = cardHeight + gap;
  const rows = Math.ceil(total / columns);
  const first = Math.max(0, Math.min(rows - 1, Math.floor(scrollTop / step)) - OVERSCAN);
  const last = Math.min(rows, Math.ceil((scrollTop + height) / step) + OVERSCAN);
  return { from: first * columns, to: Math.min(total, last * columns), top: first * step, full: Math.max(0, rows * step - gap) };
}

// How far to scroll so that card `index` is wholly in view; null when it is.
export function scrollFor(index, { columns, cardHeight, gap }, scrollTop, height) {
  const top = Math.floor(index / columns) * (cardHeight + gap);
  if (top < scrollTop) return Math.max(0, top - gap);
  if (top + cardHeight > scrollTop + height) return top + cardHeight - height + gap;
  return null;
}
