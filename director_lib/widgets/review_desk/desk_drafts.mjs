// Text that was typed and not sent: kept in this browser at once, and by the page every 30 s and when a field is left.

import { isRemark, newerDraft, readDrafts, removeDraft, writeDraft } from "./memory.mjs";

const DRAFT_EVERY_MS = 30000;

export const deskDrafts = {
  created() {
    this.unsaved = new Map();
    this.draftTimer = setInterval(() => this.sendDrafts(), DRAFT_EVERY_MS);
  },
  unmounted() {
    clearInterval(this.draftTimer);
  },
  methods: {
    keepDraft(segment_id, field, text, base_text) {
      const draft = { segment_id, field, text, base_text };
      if (text === base_text) { this.forgetDraft(segment_id, field); return; }
      writeDraft(localStorage, this.stream, draft);
      this.unsaved.set(`${segment_id}|${field}`, draft);
    },
    sendDrafts() {
      for (const draft of this.unsaved.values()) this.save_draft(draft);
      this.unsaved.clear();
    },
    forgetDraft(segment_id, field) {
      const isIt = (draft) => draft.segment_id === segment_id && draft.field === field;
      const kept = this.drafts.some(isIt) || this.remarks.some(isIt) || readDrafts(localStorage, this.stream).some(isIt);
      removeDraft(localStorage, this.stream, { segment_id, field });
      this.unsaved.delete(`${segment_id}|${field}`);
      this.drafts = this.drafts.filter((draft) => !isIt(draft));
      this.remarks = this.remarks.filter((draft) => !isIt(draft));
      if (kept) this.discard_draft({ segment_id, field });
    },
    offerDrafts() {
      const local = readDrafts(localStorage, this.stream);
      const known = new Set(this.drafts.map((draft) => `${draft.segment_id}|${draft.field}`));
      const isNew = (draft) => !isRemark(draft) && !known.has(`${draft.segment_id}|${draft.field}`);
      this.drafts = [...this.drafts, ...local.filter(isNew)];
    },
    // The unsent words of one field, of a prompt or of a remark, the newest there are; null for none.
    findDraft(segment_id, field) {
      const isIt = (draft) => draft.segment_id === segment_id && draft.field === field;
      const told = [...this.remarks, ...this.drafts].filter(isIt);
      told.sort((one, other) => Date.parse(other.saved_at) - Date.parse(one.saved_at));
      return newerDraft(readDrafts(localStorage, this.stream).find(isIt), told[0]);
    },
    // A comment, or a note with a verdict: text that belongs to no prompt.
    unsentRemark(segment_id, what) {
      const draft = this.findDraft(segment_id, `${what}_${this.kind}`);
      return draft ? draft.text : "";
    },
    keepRemark(segment_id, what, text) {
      this.keepDraft(segment_id, `${what}_${this.kind}`, text.trim() ? text : "", "");
    },
  },
};
