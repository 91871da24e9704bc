// What the desk shows: the cards with their unconfirmed changes, what is selected, and what survives a reload.

import { countFilters, filterCards, inOrder, mergeCards, nextUndecided, noteTold, withOverlays } from "./cards.mjs";
import { addressWith, closePanels, draftsToOffer, isRemark, readAddress, readDrafts, readPanels, writePanels } from "./memory.mjs";

const OPEN_DELAY_MS = 90;
const PICTURES_KEPT = 8;
const PANELS_DELAY_MS = 120;
const PANELS = ["size", "strip", "scroll", "query", "history", "chosen", "drawings", "around", "choosing", "order"];
// Sheets that come back after a reload, with what was written in them.
const SHEETS = ["note", "changes", "regenerate", "bulk-comment", "bulk-regenerate"];

export const deskState = {
  data() {
    return {
      kind: "keyframe", cards: [], overlays: [], presets: [], engines: [], oddities: [], suffix: "", error: null,
      selected: null, detail: null, shown: null, filter: "all", query: "", drafts: [], remarks: [], resumed: false,
      gone: [], size: "medium", order: "story", strip: false, full: false, scroll: 0,
    };
  },
  created() {
    this.pictures = new Map();
    this.openTimer = null;
    this.panelTimer = null;
    this.onLeave = () => {
      if (!this.loaded) return;
      this.writePanels();
      closePanels(localStorage, this.panelsKey);
      this.isLeft = true;
    };
    window.addEventListener("pagehide", this.onLeave);
  },
  unmounted() {
    clearTimeout(this.openTimer);
    clearTimeout(this.panelTimer);
    window.removeEventListener("pagehide", this.onLeave);
  },
  computed: {
    stream() { return (this.frame && this.frame.stream && this.frame.stream.id) || ""; },
    view() { return withOverlays(this.cards, this.overlays); },
    counts() { return countFilters(this.view); },
    visible() { return inOrder(filterCards(this.view, this.filter, this.query), this.order); },
    card() { return this.view.find((card) => card.segment_id === this.selected) || null; },
    versions() { return this.detail && this.detail.segment_id === this.selected ? this.detail.versions : []; },
    // The version on the desk: the current one, or an earlier one that was picked from the strip.
    version() {
      if (!this.card || !this.card.version) return null;
      const current = this.card.version;
      const picked = this.shown && this.shown !== current.number && this.versions.find((one) => one.number === this.shown);
      return picked || { ...this.versions.find((one) => one.id === current.id), ...current };
    },
    isCurrent() { return Boolean(this.version && this.card.version && this.version.id === this.card.version.id); },
    username() { return (this.frame && this.frame.person && this.frame.person.username) || ""; },
    nextToJudge() { return nextUndecided(this.visible, this.selected, this.username); },
    field() { return this.kind === "video" ? "motion_prompt" : "image_prompt"; },
    panelsKey() { return `${this.username}|${this.stream}|${this.kind}`; },
    panels() {
      const { selected, shown, filter, sheet } = this;
      return { ...Object.fromEntries(PANELS.map((name) => [name, this[name]])), selected, shown, filter, sheet: SHEETS.includes(sheet) ? sheet : null };
    },
  },
  watch: {
    panels: { deep: true, handler() { if (this.loaded && !this.isLeft && !this.panelTimer) this.panelTimer = setTimeout(() => this.writePanels(localStorage), PANELS_DELAY_MS); } },
    selected() { this.keepAddress(); },
    shown() { this.keepAddress(); },
    filter() { this.keepAddress(); },
    // A new version or a comment by somebody else: read the segment again.
    "card.version.id"(now, before) { if (before !== undefined) this.openSoon(0); },
    "card.comments_open"(now, before) { if (before !== undefined) this.openSoon(0); },
    "card.n_comments"(now, before) { if (before !== undefined) this.openSoon(0); },
  },
  methods: {
    jupyter_load(payload) {
      const first = !this.loaded;
      this.takeFrame(payload.frame);
      this.kind = payload.kind;
      this.presets = Object.freeze(payload.presets || []);
      this.people = Object.freeze(payload.people || []);
      this.engines = Object.freeze(payload.engines || []);
      this.oddities = payload.oddities || [];
      this.gone = payload.gone || [];
      this.error = payload.error || null;
      this.suffix = payload.prompt_suffix || "";
      this.cards = Object.freeze((payload.cards || []).map(Object.freeze));
      this.remarks = (payload.drafts || []).filter(isRemark);
      this.drafts = draftsToOffer(readDrafts(localStorage, this.stream), payload.drafts || [], this.cards);
      if (first) this.comeBack();
      this.loaded = true;
      this.openSoon(0);
      this.takeOutOfDate(payload.out_of_date);
    },
    jupyter_patch(patch) {
      this.takeFrame(patch.frame);
      this.takeOutOfDate(patch.out_of_date);
      if (patch.presets) this.presets = Object.freeze(patch.presets);
      if (!patch.cards) return;
      this.overlays.forEach((overlay) => noteTold(overlay, patch.cards));
      this.tellReady(patch.cards);
      this.cards = Object.freeze(mergeCards(this.cards, patch.cards));
    },
    jupyter_detail(detail) {
      if (detail.segment_id === this.selected) this.detail = Object.freeze(detail);
    },
    // After a reload: the panels of this tab, then the address, then the first segment that waits for a verdict.
    comeBack() {
      const address = readAddress(window.location.search);
      const panels = readPanels(sessionStorage, localStorage, this.panelsKey);
      for (const name of PANELS) if (panels[name] !== undefined) this[name] = panels[name];
      const filter = address.filter === "all" && !address.segment ? panels.filter : address.filter;
      this.filter = filter in this.counts ? filter : "all";
      const known = this.cards.find((card) => card.segment_id === (address.segment || panels.selected));
      const start = known || nextUndecided(this.cards, null, this.username) || this.cards[0];
      this.selected = start ? start.segment_id : null;
      this.shown = known ? address.version : null;
      if (panels.sheet && known) this.resume(panels.sheet);
    },
    writePanels(browser = null) {
      clearTimeout(this.panelTimer);
      this.panelTimer = null;
      writePanels(sessionStorage, browser, this.panelsKey, this.panels);
    },
    resume(sheet) {
      const refusal = { regenerate: this.whyNotGenerate, note: this.whyNotDecide, changes: this.whyNotDecide }[sheet];
      const lacks = sheet.startsWith("bulk") && !this.chosenIds.length;
      if (!refusal && !lacks) Object.assign(this, { sheet, resumed: true });
    },
    keepAddress() {
      if (!this.loaded || this.isLeft) return;
      const href = addressWith(window.location.href, { segment: this.selected, version: this.shown, filter: this.filter });
      window.history.replaceState(window.history.state, "", href);
    },
    select(segmentId) {
      if (segmentId === this.selected) return;
      this.closeSheet();
      this.selected = segmentId;
      this.shown = null;
      this.openSoon(OPEN_DELAY_MS);
    },
    openSoon(delay) {
      clearTimeout(this.openTimer);
      if (this.selected === null) return;
      this.openTimer = setTimeout(() => {
        this.ask("open_segment", { segment_id: this.selected });
        this.preload();
      }, delay);
    },
    // Decode what comes next, so that it is on screen with the key press.
    preload() {
      const here = this.visible.findIndex((card) => card.segment_id === this.selected);
      const soon = [this.nextToJudge, this.visible[here + 1], this.visible[here - 1]];
      for (const card of soon) if (card && card.version) this.decodePicture(card.version.poster);
    },
    decodePicture(address) {
      if (!address || this.pictures.has(address)) return;
      const picture = new Image();
      picture.src = address;
      picture.decode().catch(() => this.pictures.delete(address));
      this.pictures.set(address, picture);
      while (this.pictures.size > PICTURES_KEPT) this.pictures.delete(this.pictures.keys().next().value);
    },
    tellReady(changes) {
      for (const [id, change] of Object.entries(changes)) {
        const card = this.cards.find((one) => String(one.segment_id) === id);
        const news = card && change.version && (!card.version || card.version.id !== change.version.id);
        if (news && card.task && card.segment_id !== this.selected) {
          this.toast(`Segment ${id}: version ${change.version.number} is ready to look at.`);
        }
      }
    },
  },
};
