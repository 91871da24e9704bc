// A plot knows how wide it is, so that it is drawn at its own size and text stays text.

export const sized = {
  data() { return { width: 0 }; },
  mounted() {
    this.watcher = new ResizeObserver(([entry]) => { this.width = Math.round(entry.contentRect.width); });
    this.watcher.observe(this.$refs.room);
  },
  beforeUnmount() { this.watcher.disconnect(); },
};
