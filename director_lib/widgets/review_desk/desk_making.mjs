// Making the segment on the desk anew: the sheet, versions to choose from, and stills made like another one.

import { approvalsAfter, isApproved, isBeingMade } from "./cards.mjs";
import { keysOf, keyText } from "../frame/key_actions.mjs";
import { withoutSuffix } from "./words.mjs";

const VARIANTS_AT_FIRST = 3;
const PLACES = [1, 2, 3, 4];

// What a set of variants shows, in the order in which they were asked for.
export function cellsOf(set, versions, tasks) {
  if (!set) return [];
  if (set.is_hidden) return set.cells.map((cell) => ({ ...cell, task: null, version: cell.src ? { id: 0, number: "", src: cell.src, poster: cell.poster } : null }));
  return set.cells.map((cell) => ({
    ...cell,
    version: versions.find((one) => one.id === cell.version_id) || null,
    task: tasks.find((task) => task.id === cell.task_id) || null,
  }));
}

// The segment to make like another one: the one that is chosen beside it, else the next that is not approved.
export function targetOf(cards, sourceId, chosenIds) {
  const free = (card) => card.segment_id !== sourceId && !isBeingMade(card);
  const here = cards.findIndex((card) => card.segment_id === sourceId);
  const inOrder = [...cards.slice(here + 1), ...cards.slice(0, Math.max(here, 0))].filter(free);
  const chosen = inOrder.filter((card) => chosenIds.includes(card.segment_id));
  return (chosen.length === 1 && chosen[0]) || inOrder.find((card) => !isApproved(card)) || inOrder[0] || null;
}

// Whether a version was made with other words; of one whose words nobody knows, it was not.
export function isReworded(version, field, prompt, suffix) {
  const sent = version ? version[field] : null;
  if (typeof sent !== "string") return false;
  return (field === "image_prompt" ? withoutSuffix(sent, suffix) : sent).trim() !== prompt;
}

export function likeWords(source) {
  const own = source.image_prompt.trim().replace(/[\s.,;:]+$/u, "");
  return `${own}, in the style of segment ${source.segment_id}`;
}

export const deskMaking = {
  data() {
    return { choosing: false, picking: null, like: null, wanted: 1, wantsVariants: false };
  },
  computed: {
    isRead() { return Boolean(this.detail) && this.detail.segment_id === this.selected; },
    variantSet() { return (this.isRead && this.detail.variants) || null; },
    cells() { return cellsOf(this.variantSet, this.versions, (this.card && this.card.variant_tasks) || []); },
    likeCard() { return this.like === null ? null : this.view.find((card) => card.segment_id === this.like) || null; },
    // Whether somebody still has to choose one of the versions on the desk.
    waitsForPick() { return Boolean(this.card && this.card.to_pick && !isApproved(this.card)); },
  },
  watch: {
    selected(_now, before) { if (before !== null) Object.assign(this, { choosing: false, wantsVariants: false }); },
    isRead(isRead) { if (isRead && this.wantsVariants && !this.sheet) this.key_variants(); },
    "card.to_pick"(now, before) { if (before !== undefined) this.openSoon(0); },
    "card.n_versions"(now, before) { if (before !== undefined) this.openSoon(0); },
  },
  methods: {
    async makeAnew(words) {
      if (this.whyNotGenerate) return;
      const { segment_id, version, decision_seq } = this.card;
      const { image_prompt, motion_prompt, negative_prompt, engine, model, variants, arms, blind, keep } = words;
      const prompts = { image_prompt, motion_prompt, negative_prompt };
      const decided = isReworded(version, this.field, prompts[this.field], this.suffix) ? "adjust_prompt" : "regenerate";
      const decision = version ? { decision: decided, approvals: approvalsAfter(this.card, decided, this.username) } : {};
      const task = { id: "", state: "queued", phase: "waiting", percent: 0, price_usd: words.price_usd, error_message: null, eta_s: null };
      Object.assign(this, { sheet: null, like: null, suggestion: null });
      if (variants > 1) this.choosing = true;
      this.remember(segment_id);
      const reply = await this.change("regenerate",
        { segment_id, ...prompts, base_texts: words.base_texts, seed: words.seed, engine, model, variants, arms, blind, references: words.references,
          sha256: version ? version.sha256 : null, seen_seq: decision_seq || 0, allow_unapproved_keyframe: words.allow_unapproved_keyframe },
        { [segment_id]: { ...prompts, ...decision, task } });
      if (!reply.ok) { this.choosing = false; this.done.pop(); if (reply.clash) this.showClash(segment_id, reply, true); return; }
      Object.keys(prompts).forEach((field) => this.forgetDraft(segment_id, field));
      if (words.preset_ids.length) this.ask("count_presets", { preset_ids: words.preset_ids }, { silent: true });
      if (words.suggestion_ids.length && !reply.existed) this.ask("take_suggestions", { suggestion_ids: words.suggestion_ids, task_id: reply.task_id }, { silent: true });
      if (reply.existed) { this.done.pop(); this.toast(`Segment ${segment_id} is queued with the same wishes already. Nothing was queued twice.`); }
      if (keep) this.keepEngine(keep === "segment" ? segment_id : null, engine, model);
      if (variants > 1) this.openSoon(0);
    },
    async keepEngine(segment_id, engine, model) {
      const reply = await this.ask("choose_engine", { segment_id, engine, model });
      const what = segment_id === null ? "the whole stream" : `segment ${segment_id}`;
      if (reply.ok) this.toast(`${model ? `${engine}, ${model},` : engine} makes ${what} from now on.`);
    },
    async forgetEngine(segment_id) {
      const reply = await this.ask("forget_engine", { segment_id });
      if (reply.ok) this.toast(`Segment ${segment_id} is made like the rest of the stream again.`);
    },
    // Stops what is being made of a segment, all its variants at once; false when that was refused.
    async cancelMaking(card) {
      const made = (card.variant_tasks || []).map((task) => task.id);
      const replies = await Promise.all((made.length ? made : [card.task.id]).map((id) => this.cancelTask(id)));
      return replies.every((reply) => reply.ok);
    },
    async pickVariant(place) {
      const cell = this.cells[place - 1];
      if (!this.choosing || !cell || this.picking) return;
      if (!this.may.generate) { this.toast("Your role may not choose between versions."); return; }
      if (!cell.version) { this.toast(`Variant ${place} is not made.`); return; }
      const { id: set_id, is_hidden } = this.variantSet;
      this.picking = place;
      const reply = is_hidden ? await this.ask("pick_blind", { set_id, position: place }) : await this.ask("pick_variant", { set_id, version_id: cell.version.id });
      this.picking = null;
      if (!reply.ok) return;
      this.remember(this.selected);
      Object.assign(this, { choosing: false, shown: null });
      this.toast(`Variant ${place} is current now, as version ${reply.number}.${reply.made_by ? ` ${reply.made_by} made it.` : ""} ${keyText(keysOf(this.chosenKeys).undo)} takes it back; the others stay as versions.`);
      this.openSoon(0);
      this.$nextTick(() => this.focusGrid());
    },
    async tieVariants() {
      if (!this.may.generate) { this.toast("Your role may not choose between versions."); return; }
      const reply = await this.ask("tie_variants", { set_id: this.variantSet.id });
      if (!reply.ok) return;
      this.remember(this.selected);
      this.toast(`None is better than the others: what is current stays so. ${keyText(keysOf(this.chosenKeys).undo)} takes it back.`);
      this.openSoon(0);
    },
    async liftBlindness() {
      const reply = await this.ask("lift_blindness", { set_id: this.variantSet.id });
      if (!reply.ok) return;
      this.toast("It is recorded that this was looked at. Choosing between these is not blind any more.");
      this.openSoon(0);
    },
    // Shows the versions to choose from; where there are none, asks for some.
    key_variants() {
      if (this.choosing) { this.choosing = false; return; }
      // A segment is read a moment after it came on the desk; until then nobody knows of its variants.
      this.wantsVariants = !this.isRead;
      if (this.wantsVariants) return;
      const set = this.variantSet;
      const isOpen = set && ((set.winner_version_id === null && !set.is_tie) || this.cells.some((cell) => cell.task));
      if (isOpen && set.cells.length) this.showVariants();
      else { this.wanted = VARIANTS_AT_FIRST; this.openSheet("regenerate"); }
    },
    showVariants() {
      Object.assign(this, { choosing: true, compareWith: null, cut: false });
      this.$nextTick(() => this.$refs.viewer && this.$refs.viewer.take());
    },
    // Another segment is made like the one on the desk; the desk goes there, and comes back when nothing is made.
    key_similar() {
      if (this.kind === "video") { this.toast("Only a still can be made like another one: a clip starts from its own keyframe."); return; }
      if (!this.card || !this.card.version) { this.toast("There is no still here to make another one like."); return; }
      const source = this.selected;
      const target = targetOf(this.view, source, this.chosenIds);
      if (!target) { this.toast("There is no other segment that could be made like this one."); return; }
      this.aimAt(target.segment_id, source);
    },
    aimAt(target, source) {
      if (!this.may.generate) { this.toast("Your role may not start generation."); return; }
      this.select(target);
      this.like = source;
      this.openSheet("regenerate");
      if (!this.sheet) this.like = null;
    },
    ...Object.fromEntries(PLACES.map((place) => [`key_pick${place}`, function pick() {
      if (!this.choosing) return false;
      this.pickVariant(place);
      return true;
    }])),
  },
};
