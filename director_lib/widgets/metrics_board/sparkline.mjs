// A line through a few values, as an SVG path; weeks without data leave a gap.

export function sparkline(values, width, height) {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length < 2) return "";
  const low = Math.min(...known);
  const range = Math.max(...known) - low || 1;
  const step = width / (values.length - 1);
  let pen = "M";
  return values.map((value, index) => {
    if (value === null || value === undefined) { pen = "M"; return ""; }
    const point = `${pen}${(index * step).toFixed(1)} ${(height - ((value - low) / range) * height).toFixed(1)}`;
    pen = "L";
    return point;
  }).join("");
}
