// Several segments at once: choosing them, and putting a preset into all their prompts.

import { count } from "../frame/format.mjs";

const NAMED = 8;

// Who was left out and why, the same reason said once.
export function saidOfSkipped(skipped) {
  const reasons = new Map();
  for (const { segment_id, why } of skipped) reasons.set(why, [...(reasons.get(why) || []), segment_id]);
  const list = (ids) => `${ids.slice(0, NAMED).join(", ")}${ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ""}`;
  return [...reasons].map(([why, ids]) => `Left ${list(ids)}: ${why}.`).join(" ");
}

export const deskSelection = {
  data() {
    return { chosen: [], applying: false };
  },
  computed: {
    // In the film's order, and without segments that are gone.
    chosenIds() {
      const wanted = new Set(this.chosen);
      return this.view.filter((card) => wanted.has(card.segment_id)).map((card) => card.segment_id);
    },
    chosenSet() { return new Set(this.chosenIds); },
  },
  methods: {
    choose(segmentId, on = !this.chosenSet.has(segmentId)) {
      this.chosen = on ? [...this.chosenIds, segmentId] : this.chosenIds.filter((id) => id !== segmentId);
      this.lastChosen = segmentId;
    },
    // From the one chosen last to this one, as they are shown.
    chooseRange(segmentId) {
      const places = [this.lastChosen, segmentId].map((id) => this.visible.findIndex((card) => card.segment_id === id));
      if (places.includes(-1)) { this.choose(segmentId, true); return; }
      const between = this.visible.slice(Math.min(...places), Math.max(...places) + 1).map((card) => card.segment_id);
      this.chosen = [...new Set([...this.chosenIds, ...between])];
      this.lastChosen = segmentId;
    },
    key_select() {
      if (this.selected !== null) this.choose(this.selected);
    },
    key_selectAll() {
      const shown = this.visible.map((card) => card.segment_id);
      const all = shown.every((id) => this.chosenSet.has(id));
      this.chosen = all ? this.chosenIds.filter((id) => !shown.includes(id)) : [...new Set([...this.chosenIds, ...shown])];
    },
    clearChosen() { this.chosen = []; },
    async applyPreset(preset_id) {
      const preset = this.presets.find((one) => one.id === preset_id);
      if (!preset || this.applying || !this.chosenIds.length) return;
      this.applying = true;
      const reply = await this.ask("apply_preset", { preset_id, segment_ids: this.chosenIds });
      this.applying = false;
      if (!reply.ok) return;
      const done = reply.saved.length ? `“${preset.name}” is in ${count(reply.saved.length, "prompt", "prompts")} now.` : "No prompt was changed.";
      this.toast([done, saidOfSkipped(reply.skipped)].filter(Boolean).join(" "));
      if (reply.saved.length) { this.remember(reply.saved[0]); this.chosen = []; }
    },
  },
};
