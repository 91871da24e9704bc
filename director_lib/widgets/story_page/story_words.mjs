// What the story page calls things.

import { count } from "../frame/format.mjs";

const LABELS = {
  notes: "Notes", tone: "Tone", style: "Style", colors: "Colours", references: "References", style_notes: "Style notes", motifs: "Motifs",
  segment_count: "Segments wished", template: "Template", cta: "Call to action",
};

// Fields inside of others are in the file even when they say nothing.
export const isThere = (field) => Boolean(field.text || field.depth || field.kind === "group" || field.kind === "other");

export function labelOf(key) {
  if (typeof key === "number") return `No. ${key + 1}`;
  const words = key.replace(/[_-]+/gu, " ").trim();
  return LABELS[key] || words.charAt(0).toUpperCase() + words.slice(1) || key;
}

export function lengthText({ n_words, n_characters, counts_letters }) {
  const counted = counts_letters ? count(n_words, "character", "characters") : count(n_words, "word", "words");
  return { counted, in_full: `${count(n_characters, "character", "characters")}, blanks included` };
}

export function readingText(seconds) {
  if (!seconds) return "";
  if (seconds < 50) return "less than a minute to read";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min to read`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min to read`;
}

export const VERDICTS = { approved: "approved the story", needs_clarification: "asked for a clarification" };
export const STATES = { missing: "No story yet", waiting: "To review", changes: "Clarification asked", approved: "Approved" };
export const STATE_ICONS = { missing: "absent", waiting: "waiting", changes: "changes", approved: "check" };

// Text that was not saved yet, kept in this browser; a store may be full or forbidden, and the page works on without it.
const keyOf = (stream, field) => `dl-story|${stream}|${field}`;

export function keepUnsent(stream, field, kept) {
  try {
    if (kept) localStorage.setItem(keyOf(stream, field), JSON.stringify(kept));
    else localStorage.removeItem(keyOf(stream, field));
  } catch (error) {
    console.warn("The browser keeps nothing for this page:", error.message);
  }
}

export function readUnsent(stream, field) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(stream, field)) || "null");
    return kept && typeof kept.text === "string" ? kept : null;
  } catch {
    return null;
  }
}
