// Two versions against each other, or the end of one segment against the beginning of the next.

import { addressWithPair, readPair } from "./pair_address.mjs";
import { neighbour } from "./cards.mjs";

// A browser takes no more changes of the address than this from one page.
const WRITE_EVERY_MS = 160;

export const deskCompare = {
  data() {
    return {
      compareWith: null, wantsCompare: "", cut: false, mode: "side", wipe: 50, seen: "right", gain: 0,
      offsets: { left: 0, right: 0 },
    };
  },
  computed: {
    // The other version, once the segment's versions are read.
    compared() {
      return (this.compareWith !== null && this.versions.find((one) => one.number === this.compareWith)) || null;
    },
    following() {
      const next = this.card && neighbour(this.view, this.selected, 1);
      return next && next.segment_id !== this.selected ? next : null;
    },
    pairState() {
      const { compareWith, cut, mode, wipe, seen, gain, offsets, speed, at } = this;
      return { compareWith, cut, mode, wipe, seen, gain, offsets, speed, at };
    },
  },
  watch: {
    pairState() {
      clearTimeout(this.pairTimer);
      const wait = (this.pairKeptAt || 0) + WRITE_EVERY_MS - Date.now();
      if (wait <= 0) this.keepPair();
      else this.pairTimer = setTimeout(() => this.keepPair(), wait);
    },
    loaded() { this.comeBackToPair(); },
    selected(_now, before) { if (before !== null) this.leavePair(); },
    versions() { this.openWanted(); },
    // The same version on both sides says nothing: the sides change places instead.
    "version.number"(now, before) {
      if (this.compareWith !== null && now === this.compareWith) this.compareWith = before || null;
    },
  },
  unmounted() {
    clearTimeout(this.pairTimer);
  },
  methods: {
    comeBackToPair() {
      const { search } = window.location;
      if (String(this.selected) === new URLSearchParams(search).get("segment")) Object.assign(this, readPair(search));
    },
    keepPair() {
      if (!this.loaded || this.isLeft) return;
      const href = addressWithPair(window.location.href, this.pairState);
      this.pairKeptAt = Date.now();
      if (href !== window.location.href) window.history.replaceState(window.history.state, "", href);
    },
    leavePair() {
      Object.assign(this, { compareWith: null, wantsCompare: "", at: 0, offsets: { left: 0, right: 0 } });
      if (this.cut && !this.following) this.cut = false;
    },
    // Versions of a segment are read a moment after it was chosen.
    openWanted() {
      if (!this.versions.length) return;
      if (this.compareWith !== null && !this.compared) {
        this.toast(`There is no version ${this.compareWith} to compare with.`);
        this.compareWith = null;
      }
      if (this.version && this.compareWith === this.version.number) this.compareWith = null;
      if (this.wantsCompare) this.compareIn(this.wantsCompare);
    },
    // Opens the comparison with the version before the one on the desk, or with the nearest there is.
    compareIn(mode) {
      if (!this.versions.length && this.card && this.card.n_versions > 1) { this.wantsCompare = mode; return; }
      this.wantsCompare = "";
      const others = this.versions.filter((one) => this.version && one.number !== this.version.number);
      const before = others.filter((one) => one.number < this.version.number);
      const other = before[0] || others[others.length - 1];
      if (!other) { this.toast("There is only one version to look at."); return; }
      Object.assign(this, { compareWith: other.number, mode, cut: false, seen: "right" });
      this.$nextTick(() => this.$refs.viewer && this.$refs.viewer.take());
    },
    lookIn(mode) {
      if (this.compareWith === null && !this.cut) this.compareIn(mode);
      else this.mode = mode;
    },
    flipSides() { this.seen = this.seen === "left" ? "right" : "left"; },
    shift(side, count) {
      this.offsets = { ...this.offsets, [side]: this.offsets[side] + count };
    },
    pickCompared(number) {
      const other = this.version.number;
      if (number === other) this.showVersion(this.versions.find((one) => one.number === this.compareWith));
      this.compareWith = number;
    },
    // Closes what lies over the segment; false when nothing does.
    closeView() {
      if (this.sheetMenu) this.sheetMenu = false;
      else if (this.scenes) this.endFilm();
      else if (this.compareWith !== null) Object.assign(this, { compareWith: null, offsets: { left: 0, right: 0 } });
      else if (this.cut) this.cut = false;
      else return false;
      return true;
    },
    key_compare() {
      if (this.compareWith !== null) this.closeView();
      else this.compareIn("side");
    },
    key_sideBySide() { this.lookIn("side"); },
    key_wipe() { this.lookIn("wipe"); },
    key_difference() { this.lookIn("difference"); },
    key_flip() {
      const isFlip = this.mode === "flip" && (this.compareWith !== null || this.cut);
      this.lookIn("flip");
      if (isFlip) this.flipSides();
    },
    key_offsetBack() { if (this.compareWith !== null && this.kind === "video") this.shift("left", -1); },
    key_offsetOn() { if (this.compareWith !== null && this.kind === "video") this.shift("left", 1); },
    key_cut() {
      if (!this.cut && !this.following) { this.toast("There is no segment after this one."); return; }
      Object.assign(this, { cut: !this.cut, compareWith: null, mode: "side", seen: "right" });
      this.$nextTick(() => this.$refs.viewer && this.$refs.viewer.take());
    },
  },
};
