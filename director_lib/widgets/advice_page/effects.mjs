// Which effects are listed, and where their marks stand.

const WIDEST = Math.log(6);

export const VERDICTS = [["", "All"], ["helps", "Helps"], ["hurts", "Hurts"], ["not enough data", "Not enough data"]];

export function chosenEffects(rows, { kind, verdict, words }) {
  const wanted = (words || "").trim().toLowerCase();
  return rows.filter((one) => (!kind || one[`n_${kind}`] > 0) && (!verdict || one.verdict === verdict) && (!wanted || one.phrase.toLowerCase().includes(wanted)));
}

// Where an odds ratio stands on a line from a sixth to six times the odds, from 0 to 100.
export function oddsPlace(ratio) {
  const place = 50 + (50 * Math.log(Math.max(ratio, 1e-9))) / WIDEST;
  return Math.min(100, Math.max(0, place));
}

export function markOf(one) {
  if (one.odds_ratio === null || one.odds_ratio === undefined) return null;
  return { at: oddsPlace(one.odds_ratio), low: oddsPlace(one.odds_low), high: oddsPlace(one.odds_high) };
}
