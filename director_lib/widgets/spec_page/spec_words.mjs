// The words of the spec page.

export const SEVERITIES = {
  error: { one: "fault", many: "faults", icon: "alert", look: "is-failed" },
  warning: { one: "warning", many: "warnings", icon: "changes", look: "is-waiting" },
  note: { one: "note", many: "notes", icon: "note", look: "is-missing" },
};
export const STATES = { missing: "Not started", waiting: "To review", changes: "Changes asked", approved: "Approved" };
export const STATE_ICONS = { missing: "absent", waiting: "waiting", changes: "changes", approved: "check" };
export const VERDICTS = { approved: "approved", approved_with_notes: "approved with notes", revision_needed: "asked for a revision" };
export const ORIGINS = { found: "first seen", edited: "edited here", outside: "changed in the file", restored: "restored", drafted: "drafted", undone: "taken back" };
export const CHANGES = { added: "added", removed: "removed", changed: "changed", moved: "moved" };

export function nameOf(key) {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function summaryOf(findings) {
  const counts = Object.entries(SEVERITIES).map(([key, { one, many }]) => [findings.filter((found) => found.severity === key).length, one, many]);
  const told = counts.filter(([n]) => n).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
  return told.length ? told.join(", ") : "Nothing to say";
}

// Findings by what they are about: "segment 3", "section a", "palette night".
export function byPlace(findings) {
  const places = {};
  for (const found of findings) (places[`${found.place} ${found.id}`] = places[`${found.place} ${found.id}`] || []).push(found);
  return places;
}

export function changeHeadline(change) {
  const moved = change.is_moved ? ` from place ${change.from_place} to ${change.to_place}` : "";
  const what = change.change === "changed" && change.is_moved ? "changed and moved" : CHANGES[change.change];
  return `${change.label}: ${what}${moved}`;
}

export const EMPTY_TEXTS = [
  ["visual_direction", "style"], ["visual_direction", "mood"], ["visual_direction", "lighting"], ["visual_direction", "camera"], ["visual_direction", "references"],
  ["visual_direction", "negative_prompts"], ["composition_rules", "prompt_suffix"], ["composition_rules", "safe_zone"],
];
