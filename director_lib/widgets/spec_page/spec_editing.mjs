// What the spec page asks for: edits, each told and each to be taken back.

import { neighbourFor } from "./spec_rows.mjs";

const FIELDS = { image_prompt: "image-prompt", motion_prompt: "motion-prompt", duration_s: "segment-duration", text: "section-text", segment_ids: "section-segments" };

export const specEditing = {
  methods: {
    // Resolves with the page's answer; a refusal is shown where the text stands, or as a toast when it is told.
    editText(edit, told = false) {
      return this.tracked(this.ask("edit", { edit, sha256: null }, { silent: !told }));
    },
    editPrompt(segment_id, field, text, base_text) {
      return this.tracked(this.ask("edit_prompt", { segment_id, field, text, base_text }, { silent: true }));
    },
    tracked(reply) {
      this.underWay = this.underWay || new Set();
      this.underWay.add(reply);
      reply.then(() => this.underWay.delete(reply));
      return reply;
    },
    // What one looked at includes one's own edits: their answers come after what they changed.
    async settled() {
      while (this.underWay && this.underWay.size) await Promise.all(this.underWay);
    },
    async change(edit) {
      await this.settled();
      const reply = await this.tracked(this.ask("edit", { edit, sha256: this.spec.sha256 }));
      if (reply.ok) this.toast(`${reply.label.charAt(0).toUpperCase()}${reply.label.slice(1)}. Undo with Z.`);
      return reply;
    },
    async act(what, id) {
      if (!this.may.edit_prompt) return;
      if (what === "move-up" || what === "move-down") await this.shift(id, what === "move-up" ? -1 : 1);
      else if (what === "split-segment") this.follow(await this.change({ kind: "split_segment", segment_id: id }), id);
      else if (what === "add-after") this.follow(await this.change({ kind: "add_segment", after: id === undefined ? null : id }), id);
      else if (what === "remove-segment") await this.remove(id);
      else if (what === "add-section") await this.addSection(id);
    },
    async shift(id, step) {
      const before = neighbourFor(this.spec.order, id, step);
      if (before !== undefined) await this.move(id, before);
    },
    async move(id, before) {
      const reply = await this.change({ kind: "move_segment", segment_id: id, before });
      if (reply.ok) this.follow({ ok: true, new_id: id });
    },
    async remove(id) {
      const at = this.spec.order.indexOf(id);
      const following = this.spec.order[at + 1] || this.spec.order[at - 1] || null;
      const reply = await this.change({ kind: "remove_segment", segment_id: id });
      if (reply.ok && following !== null) this.follow({ ok: true, new_id: following });
    },
    // A new text comes after the one that is read before this segment.
    async addSection(id) {
      const at = this.spec.order.indexOf(id);
      const earlier = this.spec.sections.filter((section) => section.segment_ids.some((one) => this.spec.order.indexOf(one) >= 0 && this.spec.order.indexOf(one) < at));
      const last = earlier[earlier.length - 1];
      await this.change({ kind: "add_section", after: last ? last.id : null, segment_ids: [id], text: "" });
    },
    // Who has begun to write meanwhile goes on writing.
    follow(reply, otherwise) {
      if (!reply.ok || this.writtenIn()) return;
      this.here = reply.new_id || otherwise;
      this.focusRow();
    },
    async take(event) {
      await this.settled();
      const reply = await this.tracked(this.ask(event));
      if (reply.ok) this.toast(`${event === "undo" ? "Taken back" : "Done again"}: ${reply.label}.`);
    },
    async goTo(finding) {
      let id = finding.place === "segment" ? Number(finding.id) : null;
      if (finding.place === "section") {
        const section = this.spec.sections.find((one) => one.id === finding.id);
        id = section ? section.segment_ids.find((one) => this.spec.order.includes(one)) : null;
      }
      if (id === null || id === undefined || !this.spec.order.includes(id)) { this.goToTop(finding); return; }
      this.here = id;
      await this.focusRow();
      const row = this.$refs.body.querySelector(`[data-row="${id}"]`);
      const field = row && FIELDS[finding.field] && row.querySelector(`[data-testid="${FIELDS[finding.field]}"]`);
      if (field) field.focus({ preventScroll: true });
    },
    goToTop(finding) {
      const loose = finding.place === "section" && this.$refs.body.querySelector(`[data-section="${CSS.escape(finding.id)}"] textarea`);
      if (loose) { loose.focus(); return; }
      this.$refs.body.scrollTop = 0;
      const swatch = this.$refs.body.querySelector(`[data-color="${CSS.escape(finding.id)}"] [data-testid=color-hex]`);
      if (finding.place === "palette" && swatch) swatch.focus();
    },
  },
};
