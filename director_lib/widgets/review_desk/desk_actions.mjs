// What the director does. Each change shows at once as an overlay and is taken back when the page refuses it.

import { approvalsAfter, hasApproved, isBeingMade, nextUndecided, settle } from "./cards.mjs";
import { keysOf, keyText } from "../frame/key_actions.mjs";
import { newId } from "../frame/screen.mjs";

const UNDO_KEPT = 20;

export const deskActions = {
  data() {
    return { sheet: null, edits: {}, undoing: false, steps: [] };
  },
  created() {
    this.done = [];
  },
  computed: {
    // Why a button is disabled, as its title; null when it is not.
    whyNotDecide() {
      if (!this.may.decide) return "Your role may not decide on versions";
      if (!this.card || !this.card.version) return "There is no version to decide on yet";
      if (this.choosing) return "Choose one of the variants first, or close them";
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
      if (reply.ok && !reply.existed) this.cards = Object.freeze(settle(this.cards, overlay));
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
      const sent = this.change("decide", { segment_ids: [segment_id], decision, note, sha256s: { [segment_id]: version.sha256 }, seen_seq: this.card.decision_seq || 0 },
        { [segment_id]: verdict });
      if (note) sent.then((reply) => { if (reply.ok) ["note", "changes"].forEach((what) => this.keepRemark(segment_id, what, "")); });
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
      Object.assign(this, { suggestion: null, sheet: null, like: null, wanted: 1, resumed: false });
    },
    // Who goes back from making another segment like one is at that one again.
    leaveSheet() {
      const back = this.like;
      this.closeSheet();
      if (back !== null) this.select(back);
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
      this.toast(step === "undo" ? `Undone: ${reply.label}. ${keyText(keysOf(this.chosenKeys).redo)} does it again.` : `Done again: ${reply.label}.`);
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
  },
};
