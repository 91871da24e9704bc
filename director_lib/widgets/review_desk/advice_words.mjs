// Advice as people read it: chances with their interval, and why there is none.

export function percent(share) {
  return `${Math.round(100 * share)} %`;
}

// "72 % predicted · 44–93 %"; the interval is of 95 %.
export function chanceText({ predicted, low, high }) {
  return `${percent(predicted)} predicted (95 % ${Math.round(100 * low)}–${Math.round(100 * high)} %)`;
}

// Why less is said than one might wish; "" when all is said.
export function adviceNote(advice) {
  if (!advice) return "";
  if (advice.state === "none") return "Nothing was learned yet. It begins by itself, soon after the first decisions.";
  if (advice.state === "too_little") return `Not enough data: ${advice.n} of about ${advice.needed} decisions. Until then no phrase is credited with anything, and predictions are the usual rate.`;
  const nothing = !advice.prompts.length && !advice.to_add.length && !advice.in_prompt.length;
  if (advice.state === "no_better") return "Not enough data: words do not foretell decisions better than chance so far.";
  return nothing ? "No approved prompt is like this one, and no phrase stands out." : "";
}

const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

// Whether a text says a phrase, whatever its case and hyphens.
export function hasWords(text, phrase) {
  const plain = (one) => (one || "").normalize("NFKC").toLowerCase().replace(/['’]/gu, "").replace(/[^\p{L}\p{N}\p{M}]+/gu, " ").trim();
  if (SPACELESS.test(phrase)) return plain(text).includes(plain(phrase));
  return ` ${plain(text)} `.includes(` ${plain(phrase)} `);
}
