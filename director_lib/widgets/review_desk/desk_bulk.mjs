// One deed on all selected segments. What could not be done is named; one undo takes all of it back.

import { count } from "../frame/format.mjs";
import { isApproved, isBeingMade } from "./cards.mjs";
import { newId } from "../frame/screen.mjs";
import { saidOfSkipped } from "./desk_selection.mjs";

export const deskBulk = {
  data() {
    return { working: false };
  },
  computed: {
    chosenCards() { return this.view.filter((card) => this.chosenSet.has(card.segment_id)); },
    // What a person has in front of them of each; the page refuses what is not so any more.
    chosenShown() {
      return this.chosenCards.map(({ segment_id, version, decision_seq }) => ({ segment_id, sha256: version ? version.sha256 : null, seen_seq: decision_seq || 0 }));
    },
    nHidden() {
      const shown = new Set(this.visible.map((card) => card.segment_id));
      return this.chosenIds.filter((id) => !shown.has(id)).length;
    },
    nouns() { return this.kind === "video" ? ["clip", "clips"] : ["still", "stills"]; },
  },
  methods: {
    // Resolves with the page's answer once it is told; null when there is nothing to do it to.
    async doToChosen(event, fields, verb) {
      if (this.working || !this.chosenIds.length) return null;
      this.working = true;
      const reply = await this.ask(event, fields);
      this.working = false;
      if (!reply.ok) return reply;
      const done = reply.done.length ? `${verb} ${count(reply.done.length, ...this.nouns)}.` : "Nothing was changed.";
      this.toast([done, saidOfSkipped(reply.skipped)].filter(Boolean).join(" "));
      if (reply.done.length) { this.remember(reply.done[0]); this.clearChosen(); }
      return reply;
    },
    async approveChosen() {
      if (!this.may.decide) { this.toast("Your role may not decide on versions."); return; }
      const open = this.chosenCards.filter((card) => card.version && !isApproved(card) && !isBeingMade(card));
      const verdict = { decision: "approved", note: "", decided_by: this.who, decided_at: new Date().toISOString() };
      const overlay = { id: newId(), changes: Object.fromEntries(open.map((card) => [card.segment_id, verdict])), told: new Set() };
      this.overlays = [...this.overlays, overlay];
      await this.doToChosen("approve_selected", { shown: this.chosenShown }, "Approved");
      this.overlays = this.overlays.filter((one) => one !== overlay && one.id !== overlay.id);
    },
    // Which engine and how many of each; nothing named means what was chosen for each segment.
    async regenerateChosen(how) {
      const reply = await this.doToChosen("regenerate_selected", { shown: this.chosenShown, ...how }, "Queued");
      if (reply && reply.ok) this.sheet = null;
    },
    async commentOnChosen(text) {
      const reply = await this.doToChosen("comment_selected", { segment_ids: this.chosenIds, text }, "Commented on");
      if (!reply || !reply.ok) return;
      this.sheet = null;
      this.keepRemark(0, "comment", "");
      this.openSoon(0);
    },
    openForChosen(name, refusal) {
      if (refusal) this.toast(`${refusal}.`);
      else if (!this.chosenIds.length) this.toast("No segment is selected. X selects the one on the desk.");
      else this.sheet = name;
    },
    key_approveSelected() {
      if (this.chosenIds.length) this.approveChosen();
      else this.openForChosen("");
    },
    key_regenerateSelected() { this.openForChosen("bulk-regenerate", this.may.generate ? "" : "Your role may not start generation"); },
    key_commentSelected() { this.openForChosen("bulk-comment", this.may.comment ? "" : "Your role may not comment"); },
    key_presetSelected() {
      if (!this.chosenIds.length) { this.openForChosen(""); return; }
      const field = document.querySelector("[data-testid=selection-preset]");
      if (field) field.focus();
      else this.toast("There are no presets that you could add.");
    },
    key_selectRange() { if (this.selected !== null) this.chooseRange(this.selected); },
  },
};
