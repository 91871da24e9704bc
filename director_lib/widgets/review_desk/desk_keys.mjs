// The desk by keyboard.

import { helpOf } from "../frame/key_actions.mjs";
import { neighbour } from "./cards.mjs";
import { actionFor, isTextField, ownsKey } from "./keymap.mjs";

export const deskKeys = {
  created() {
    this.onKey = (event) => this.takeKey(event);
  },
  mounted() {
    window.addEventListener("keydown", this.onKey);
  },
  unmounted() {
    window.removeEventListener("keydown", this.onKey);
  },
  computed: {
    helpLines() { return helpOf(this.kind, this.chosenKeys, (action) => this.hasKey(action)); },
  },
  methods: {
    hasKey(action) { return typeof this[`key_${action}`] === "function"; },
    // Served as a page every key is ours; inside a notebook only those pressed in the desk.
    isOurs(target) {
      return this.$el.contains && (this.$el.contains(target) || (document.body.dataset.voila && target === document.body));
    },
    takeKey(event) {
      if (!this.interactive || event.defaultPrevented || event.isComposing || !this.isOurs(event.target)) return;
      if (this.help || this.drawer) {
        if (event.key === "Escape") { this.help = false; if (this.drawer) this.closeDrawer(); }
        return;
      }
      const place = event.target.closest && event.target.closest("[data-place=player]") ? "desk" : "grid";
      const action = this.whileWatching(actionFor(event, { kind: this.kind, place, typing: isTextField(event.target), chosen: this.chosenKeys }));
      if (!action || !this.hasKey(action) || ownsKey(event.target, event.key.toLowerCase()) || (event.repeat && !this.mayRepeat(action))) return;
      if (this.sheet && action !== "close" && action !== "savePrompt") {
        // Else the browser would mark every word of the page.
        if (action === "selectAll") event.preventDefault();
        return;
      }
      if (this[`key_${action}`]() !== false) event.preventDefault();
    },
    mayRepeat(action) {
      return ["left", "right", "up", "down", "next", "previous", "frameBack", "frameOn", "offsetBack", "offsetOn"].includes(action);
    },
    move(step) {
      const card = neighbour(this.visible, this.selected, step);
      if (!card) return;
      this.select(card.segment_id);
      this.$nextTick(() => this.focusGrid());
    },
    focusGrid() {
      const active = document.activeElement;
      if (this.$refs.grid && !isTextField(active)) this.$refs.grid.focusSelected();
    },
    key_approve() { this.approveAndGoOn(); },
    key_regenerate() { this.openSheet("regenerate"); },
    key_approveWithNotes() { this.openSheet("note"); },
    key_askChanges() { this.openSheet("changes"); },
    key_undo() { this.undoLast(); },
    key_redo() { this.redoLast(); },
    key_next() { this.move(1); },
    key_previous() { this.move(-1); },
    key_left() { return this.strip && this.inStrip() ? this.pickVersion(-1) : this.move(-1); },
    key_right() { return this.strip && this.inStrip() ? this.pickVersion(1) : this.move(1); },
    key_up() { this.move(-this.$refs.grid.columns()); },
    key_down() { this.move(this.$refs.grid.columns()); },
    key_versions() {
      this.strip = !this.strip;
      this.$nextTick(() => { if (this.strip && this.$refs.strip) this.$refs.strip.focusShown(); else this.focusGrid(); });
    },
    key_fullScreen() { this.full = !this.full; },
    key_editPrompt() { if (this.full) this.full = false; this.$nextTick(() => this.$refs.prompts && this.$refs.prompts.edit(this.field)); },
    key_comment() { if (this.full) this.full = false; this.$nextTick(() => this.$refs.comments && this.$refs.comments.write()); },
    key_help() { this.help = true; },
    key_savePrompt() {
      const field = document.activeElement && document.activeElement.closest("[data-save]");
      if (field) field.dispatchEvent(new CustomEvent("dl-save", { bubbles: true }));
      else if (this.$refs.prompts) this.$refs.prompts.saveAll();
    },
    // Closes the innermost open thing; false leaves the key to the browser.
    key_close() {
      if (this.sheet) this.leaveSheet();
      else if (this.choosing) this.choosing = false;
      else if (this.closeView()) { if (this.$refs.viewer && this.full) this.$refs.viewer.take(); }
      else if (this.full) this.full = false;
      else if (this.shown) this.shown = null;
      else if (isTextField(document.activeElement)) document.activeElement.blur();
      else if (this.chosen.length) this.chosen = [];
      else if (this.strip) this.strip = false;
      else return false;
      this.$nextTick(() => this.focusGrid());
      return true;
    },
    inStrip() {
      return Boolean(document.activeElement && document.activeElement.closest("[data-place=strip]"));
    },
    pickVersion(step) {
      const here = this.versions.findIndex((one) => this.version && one.id === this.version.id);
      const picked = this.versions[Math.max(0, Math.min(this.versions.length - 1, here + step))];
      if (picked) this.showVersion(picked);
      this.$nextTick(() => this.$refs.strip && this.$refs.strip.focusShown());
    },
    showVersion(version) {
      this.shown = this.card.version && version.id === this.card.version.id ? null : version.number;
    },
  },
};
