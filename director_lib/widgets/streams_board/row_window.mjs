// Which rows of cards have to exist: a thousand streams cost no more than a screenful of them.

export const ALWAYS_WHOLE = 60;
const BODY_HEIGHT = 158;
const GAP = 20;
const OVERSCAN = 1;

// How cards lie on a board this wide. Every card is equally high: its 16:9 picture and its text.
export function cardBox(width, wide) {
  const columns = Math.max(1, Math.floor((width + GAP) / ((wide ? 420 : 360) + GAP)));
  const cardWidth = (width - GAP * (columns - 1)) / columns;
  return { columns, gap: GAP, cardHeight: Math.round((cardWidth * 9) / 16) + BODY_HEIGHT };
}

// The cards from..to are to exist; they begin `top` pixels down a run that is `full` pixels high.
export function cardWindow(total, { columns, cardHeight, gap }, scrollTop, height) {
  const step = cardHeight + gap;
  const rows = Math.ceil(total / columns);
  const full = Math.max(0, rows * step - gap);
  if (total <= ALWAYS_WHOLE) return { from: 0, to: total, top: 0, full };
  const first = Math.max(0, Math.min(rows - 1, Math.floor(scrollTop / step)) - OVERSCAN);
  const last = Math.min(rows, Math.ceil((scrollTop + height) / step) + OVERSCAN);
  return { from: first * columns, to: Math.min(total, last * columns), top: first * step, full };
}

// Where to scroll so that card `index` is wholly in view; null when it is.
export function scrollTo(index, { columns, cardHeight, gap }, scrollTop, height) {
  const top = Math.floor(index / columns) * (cardHeight + gap);
  if (top < scrollTop) return Math.max(0, top - 4);
  if (top + cardHeight > scrollTop + height) return top + cardHeight - height + gap;
  return null;
}
