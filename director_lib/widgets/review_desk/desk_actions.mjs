// What the director does. Each change shows at once as an overlay and is taken back when the page refuses it.

import { approvalsAfter, hasApproved, isBeingMade, nextUndecided, settle } from "./cards.mjs";
import { newId } from "../frame/screen.mjs";
import { readDrafts, removeDraft, writeDraft } from "./memory.mjs";

const DRAFT_EVERY_MS = 30000;
const UNDO_KEPT = 20;

export const deskActions = {
  data() {
    return { sheet: null, edits: {}, undoing: false, steps: [] };
  },
  created() {
    this.done = [];
    this.unsaved = new Map();
    this.draftTimer = setInterval(() => this.sendDrafts(), DRAFT_EVERY_MS);
  },
  unmounted() {
    clearInterval(this.draftTimer);
  },
  computed: {
    // Why a button is disabled, as its title; null when it is not.
    whyNotDecide() {
      if (!this.may.decide) return "Your role may not decide on versions";
      if (!this.card || !this.card.version) return "There is no version to decide on yet";
      return this.isCurrent ? null : "This is an earlier version; make it current to decide on it";
    },
    whyNotGenerate() {
      if (!this.may.generate) return "Your role may not start generation";
      if (!this.card) return "No segment is selected";
      return isBeingMade(this.card) ? "This segment is being made already" : null;
    },
  },
  methods: {
    // Sends a change and shows it meanwhile; `changes` maps segment numbers to the changed fields.
    async change(event, fields, changes) {
      const overlay = { id: newId(), changes, told: new Set() };
      this.overlays = [...this.overlays, overlay];
      const reply = await this.ask(event, fields, { silent: true });
      if (reply.ok) this.cards = Object.freeze(settle(this.cards, overlay));
      this.overlays = this.overlays.filter((one) => one.id !== overlay.id);
      if (!reply.ok && !reply.clash) this.toast(`Segment ${Object.keys(changes).join(", ")}: ${reply.message}`, "error");
      return reply;
    },
    remember(segmentId) {
      this.done = [...this.done, segmentId].slice(-UNDO_KEPT);
    },
    decide_on(decision, note = "") {
      if (this.whyNotDecide) { this.toast(`${this.whyNotDecide}.`); return; }
      const { segment_id, version } = this.card;
      const next = nextUndecided(this.visible, segment_id, this.username);
      const approvals = approvalsAfter(this.card, decision, this.username);
      const verdict = { decision, note, decided_by: this.who, decided_at: new Date().toISOString(), approvals };
      this.change("decide", { segment_ids: [segment_id], decision, note, sha256s: { [segment_id]: version.sha256 }, seen_seq: this.card.decision_seq || 0 },
        { [segment_id]: verdict });
      this.remember(segment_id);
      this.sheet = null;
      this.goOn(next);
    },
    // Space passes over what is being made anew, so that a habit does not approve what was just sent back.
    approveAndGoOn() {
      if (this.card && this.isCurrent && isBeingMade(this.card)) this.goOn(this.nextToJudge);
      else this.approve();
    },
    approve() {
      if (this.card && this.isCurrent && hasApproved(this.card, this.username)) this.goOn(this.nextToJudge);
      else this.decide_on("approved");
    },
    goOn(next) {
      if (next) { this.select(next.segment_id); this.$nextTick(() => this.focusGrid()); }
      else this.toast("Nothing undecided is left here.");
    },
    openSheet(name) {
      const refusal = name === "regenerate" ? this.whyNotGenerate : this.whyNotDecide;
      if (refusal) this.toast(`${refusal}.`);
      else this.sheet = name;
    },
    // Text that was typed and not sent is offered back.
    closeSheet() {
      if (this.sheet === "regenerate") this.offerDrafts();
      this.sheet = null;
    },
    async makeAnew(words) {
      if (this.whyNotGenerate) return;
      const { segment_id, version, decision_seq } = this.card;
      const { base_texts } = words;
      const prompts = { image_prompt: words.image_prompt, motion_prompt: words.motion_prompt, negative_prompt: words.negative_prompt };
      const changed = prompts[this.field] !== this.card[this.field];
      const decided = changed ? "adjust_prompt" : "regenerate";
      const decision = version ? { decision: decided, approvals: approvalsAfter(this.card, decided, this.username) } : {};
      const task = { id: "", state: "queued", phase: "waiting", percent: 0, price_usd: words.price_usd, error_message: null, eta_s: null };
      this.sheet = null;
      this.remember(segment_id);
      const reply = await this.change("regenerate",
        { segment_id, ...prompts, base_texts, seed: words.seed, engine: words.engine, sha256: version ? version.sha256 : null, seen_seq: decision_seq || 0,
          allow_unapproved_keyframe: words.allow_unapproved_keyframe },
        { [segment_id]: { ...prompts, ...decision, task } });
      if (reply.ok) Object.keys(prompts).forEach((field) => this.forgetDraft(segment_id, field));
      else if (reply.clash) this.showClash(segment_id, reply, true);
    },
    undoLast() { return this.stepThroughHistory("undo"); },
    redoLast() { return this.stepThroughHistory("redo"); },
    // A second press that comes before the first is answered is done after it, not dropped.
    async stepThroughHistory(step) {
      this.steps.push(step);
      if (this.undoing) return;
      this.undoing = true;
      while (this.steps.length) await this.takeStep(this.steps.shift());
      this.undoing = false;
    },
    async takeStep(step) {
      const reply = await this.ask(step);
      if (!reply.ok) { this.steps = []; return; }
      this.toast(step === "undo" ? `Undone: ${reply.label}. Shift Z does it again.` : `Done again: ${reply.label}.`);
      const segmentId = step === "undo" ? this.done.pop() : undefined;
      if (segmentId !== undefined) this.select(segmentId);
      this.openSoon(0);
    },
    async makeCurrent(version) {
      if (!this.may.decide && !this.may.generate) { this.toast("Your role may not change the current version."); return; }
      const reply = await this.ask("restore", { version_id: version.id });
      if (!reply.ok) return;
      this.shown = null;
      this.toast(`Version ${version.number} is current.`);
      this.openSoon(0);
    },
    async sayComment(text) {
      const reply = await this.ask("add_comment", { segment_id: this.selected, version_id: this.version ? this.version.id : null, text });
      if (reply.ok) this.openSoon(0);
      return reply;
    },
    async closeComment(comment_id, resolved) {
      const reply = await this.ask("resolve_comment", { comment_id, resolved });
      if (reply.ok) this.openSoon(0);
    },
    // Text as typed stays in this browser at once and goes to the page every 30 s and when the field is left.
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
      const sent = this.drafts.some((draft) => draft.segment_id === segment_id && draft.field === field);
      const kept = sent || readDrafts(localStorage, this.stream).some((draft) => draft.segment_id === segment_id && draft.field === field);
      removeDraft(localStorage, this.stream, { segment_id, field });
      this.unsaved.delete(`${segment_id}|${field}`);
      this.drafts = this.drafts.filter((draft) => draft.segment_id !== segment_id || draft.field !== field);
      if (kept) this.discard_draft({ segment_id, field });
    },
    offerDrafts() {
      const local = readDrafts(localStorage, this.stream);
      const known = new Set(this.drafts.map((draft) => `${draft.segment_id}|${draft.field}`));
      this.drafts = [...this.drafts, ...local.filter((draft) => !known.has(`${draft.segment_id}|${draft.field}`))];
    },
  },
};
