// A plot knows its room, so that it is drawn at its own size and text stays text.

export const sized = {
  data() { return { width: 0, height: 0 }; },
  mounted() {
    this.watcher = new ResizeObserver(([entry]) => { this.width = Math.round(entry.contentRect.width); this.height = Math.round(entry.contentRect.height); });
    this.watcher.observe(this.$refs.room);
  },
  beforeUnmount() { this.watcher.disconnect(); },
};
