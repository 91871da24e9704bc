// What changed between two wordings, word by word, for showing while somebody types.

const CELLS_LIMIT = 4_000_000;

export function tokens(text) {
  return (text || "").match(/\s+|[\p{L}\p{N}'’_-]+|[^\s\p{L}\p{N}]/gu) || [];
}

// Lengths of the longest common run of words of every pair of endings, row by row in one array.
function commonLengths(before, after) {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      lengths[here] = before[i] === after[j]
        ? lengths[here + width + 1] + 1 : Math.max(lengths[here + width], lengths[here + 1]);
    }
  }
  return { lengths, width };
}

function changedMiddle(before, after) {
  if (before.length * after.length > CELLS_LIMIT) {
    return [["removed", before.join("")], ["added", after.join("")]];
  }
  const { lengths, width } = commonLengths(before, after);
  const parts = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      parts.push(["same", before[i]]); i += 1; j += 1;
    } else if (i < before.length && (j === after.length || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
      parts.push(["removed", before[i]]); i += 1;
    } else {
      parts.push(["added", after[j]]); j += 1;
    }
  }
  return parts;
}

function joined(parts) {
  const runs = [];
  for (const [change, text] of parts) {
    const last = runs[runs.length - 1];
    if (!text) continue;
    if (last && last.change === change) last.text += text;
    else runs.push({ change, text });
  }
  return runs;
}

// A blank that stays between two changed words belongs to the change: phrases are read, not confetti.
function inPhrases(runs) {
  const phrases = [];
  let open = { removed: "", added: "" };
  const close = () => {
    for (const change of ["removed", "added"]) if (open[change]) phrases.push({ change, text: open[change] });
    open = { removed: "", added: "" };
  };
  runs.forEach((run, n) => {
    const inside = run.change === "same" && (open.removed || open.added) && n < runs.length - 1 && !run.text.trim();
    if (inside) { open.removed += run.text; open.added += run.text; }
    else if (run.change === "same") { close(); phrases.push(run); }
    else open[run.change] += run.text;
  });
  close();
  return phrases;
}

// Returns runs {change: "same" | "removed" | "added", text}; the texts of same and added runs make up `after`.
export function wordDiff(before, after) {
  const old = tokens(before);
  const now = tokens(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start
    && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return inPhrases(joined([
    ["same", old.slice(0, start).join("")],
    ...changedMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ["same", end ? old.slice(-end).join("") : ""],
  ]));
}

// The segment's own words of a prompt as it was sent, without what the stream appends to every prompt.
export function withoutSuffix(sent, suffix) {
  const tail = (suffix || "").trim();
  if (!tail || !sent || !sent.endsWith(tail) || sent === tail) return sent || "";
  return sent.slice(0, -tail.length).replace(/[\s,]+$/u, "");
}

// Adds a preset to a prompt, once.
export function withPreset(prompt, text) {
  const own = prompt.trim();
  if (own.includes(text.trim())) return prompt;
  if (!own) return text.trim();
  return /[.,;:!?]$/u.test(own) ? `${own} ${text.trim()}` : `${own}, ${text.trim()}`;
}

// A segment's edits as the desk lists them, newest first: who made each, whether its words are in use, and
// whether what stood before it is told by no older edit.
export function historyRows(changes, card) {
  const same = (one, other) => one.trim() === other.trim();
  const used = new Set();
  return (changes || []).map((change, index) => {
    const older = changes.slice(index + 1).find((one) => one.field === change.field);
    const isNow = !used.has(change.field) && same(change.after, card[change.field]);
    if (isNow) used.add(change.field);
    const who = { outside: "Edited outside", brought_back: `${change.actor}, brought back` }[change.source] || change.actor;
    return { ...change, id: `${change.seq}|${change.field}`, who, isNow, isFirst: !older || older.after !== change.before };
  });
}
