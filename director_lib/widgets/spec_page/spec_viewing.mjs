// Which rows of the spec exist, how high they are, and which one has the keys.

import { offsetsOf, rangeOf, sectionsByRow } from "./spec_rows.mjs";
import { byPlace } from "./spec_words.mjs";

export const specRows = {
  data() { return { heights: {}, scrolled: 0, visible: 900, headHeight: 0 }; },
  computed: {
    places() { return byPlace(this.spec.lint || []); },
    matched() { return sectionsByRow(this.spec.order || [], this.spec.sections || []); },
    offsets() { return offsetsOf(this.spec.order || [], this.heights); },
    range() { return rangeOf(this.offsets, this.scrolled - this.headHeight, this.visible); },
    shown() { return (this.spec.order || []).slice(this.range.from, this.range.to); },
  },
  watch: {
    interactive() { this.$nextTick(() => { this.look(); this.focusRow(false); }); },
    "spec.order"() { this.reordered(); },
  },
  created() {
    this.rows = new Map();
    this.isMoving = false;
    this.observer = new ResizeObserver((entries) => this.resized(entries));
    this.onResize = () => this.look();
    window.addEventListener("resize", this.onResize);
  },
  unmounted() {
    this.observer.disconnect();
    window.removeEventListener("resize", this.onResize);
  },
  methods: {
    look() {
      const { body, head } = this.$refs;
      if (!body) return;
      this.visible = body.clientHeight;
      this.scrolled = body.scrollTop;
      if (!head) return;
      this.headHeight = head.offsetHeight;
      if (this.watchedHead !== head) { this.observer.observe(head); this.watchedHead = head; }
    },
    onScroll() { this.scrolled = this.$refs.body.scrollTop; },
    measure(id, row) {
      const known = this.rows.get(id);
      if (known === row) return;
      if (known) this.observer.unobserve(known);
      if (row) { this.rows.set(id, row); this.observer.observe(row); } else this.rows.delete(id);
    },
    resized(entries) {
      const heights = { ...this.heights };
      let changed = false;
      for (const { target } of entries) {
        if (!target.dataset.row) { this.headHeight = target.offsetHeight; continue; }
        const height = target.offsetHeight;
        if (height && heights[target.dataset.row] !== height) { heights[target.dataset.row] = height; changed = true; }
      }
      if (changed) this.heights = heights;
    },
    step(by) {
      const { order } = this.spec;
      const at = order.indexOf(this.here);
      const next = order[Math.max(0, Math.min(order.length - 1, at + by))];
      if (next === undefined) return;
      this.here = next;
      this.focusRow();
    },
    // Brings the row that has the keys into view and focuses it; resolves when it is there.
    async focusRow(scrolls = true) {
      await this.$nextTick();
      const body = this.$refs.body;
      const at = (this.spec.order || []).indexOf(this.here);
      if (!body || at < 0) return;
      if (scrolls) this.scrollTo(body, at);
      await this.$nextTick();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const row = body.querySelector(`[data-row="${this.here}"]`);
      if (row) row.focus({ preventScroll: true });
    },
    scrollTo(body, at) {
      const top = this.headHeight + this.offsets[at];
      const bottom = this.headHeight + this.offsets[at + 1];
      if (top < body.scrollTop || bottom - top > body.clientHeight) body.scrollTop = top - 12;
      else if (bottom > body.scrollTop + body.clientHeight) body.scrollTop = bottom - body.clientHeight + 12;
      this.scrolled = body.scrollTop;
    },
    // A row that changes its place is taken out and put in again, and what is written in it loses the keys.
    async reordered() {
      const field = this.writtenIn();
      this.isMoving = true;
      await this.$nextTick();
      this.isMoving = false;
      this.look();
      if (field && field.isConnected && document.activeElement !== field) field.focus({ preventScroll: true });
    },
    // The field of the rows that somebody writes in, or null.
    writtenIn() {
      const field = document.activeElement;
      return field && field.matches("input, textarea") && this.$refs.body && this.$refs.body.contains(field) ? field : null;
    },
    editHere() {
      const row = this.$refs.body && this.$refs.body.querySelector(`[data-row="${this.here}"] [data-testid=image-prompt]`);
      if (row) row.focus();
    },
    onRowKey(event, id) {
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        this.shift(id, event.key === "ArrowUp" ? -1 : 1);
        return;
      }
      if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = { Insert: "add-after", Delete: "remove-segment" };
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (acts[event.key]) this.act(acts[event.key], id);
      else if (steps[event.key]) this.step(steps[event.key]);
      else if (event.key === "Enter" && event.target.dataset.row) this.editHere();
      else return;
      event.preventDefault();
    },
  },
};
