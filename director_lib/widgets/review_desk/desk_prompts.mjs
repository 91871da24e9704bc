// Editing prompts: saving, the choice when both sides changed one, and which fields somebody types in.

export const deskPrompts = {
  data() {
    return { history: false, typing: {} };
  },
  methods: {
    async savePromptText(segmentId, field, text, base) {
      const reply = await this.change("save_prompt", { segment_id: segmentId, field, text, base_text: base }, { [segmentId]: { [field]: text } });
      if (reply.ok) this.forgetDraft(segmentId, field);
      else if (reply.clash) this.showClash(segmentId, reply);
      else this.offerDrafts();
      return reply;
    },
    // The unsaved text goes back into its field, where it is shown against theirs; elsewhere it stays a draft.
    showClash(segmentId, { clash, message }, told = false) {
      const { field, yours, base } = clash;
      this.keepDraft(segmentId, field, yours, base);
      if (segmentId !== this.selected || told) this.toast(`Segment ${segmentId}: ${message}`, "error");
      if (segmentId !== this.selected) { this.offerDrafts(); return; }
      this.edits = { ...this.edits, [`restore|${segmentId}|${field}`]: { text: yours, base_text: base } };
    },
    dropEdit(key) {
      const { [key]: _dropped, ...others } = this.edits;
      this.edits = others;
    },
    noteTyping(segmentId, field, on) {
      const key = `${segmentId}|${field}`;
      if (Boolean(this.typing[key]) === on) return;
      const { [key]: _was, ...others } = this.typing;
      this.typing = on ? { ...others, [key]: true } : others;
    },
    chooseConflict(key) {
      const { segment_id, prompt_conflict } = this.card;
      return this.change("resolve_conflict", { segment_id, key }, { [segment_id]: { prompt_conflict: {}, image_prompt: prompt_conflict[key] } });
    },
    key_promptHistory() {
      if (this.full) this.full = false;
      this.history = !this.history;
    },
  },
};
