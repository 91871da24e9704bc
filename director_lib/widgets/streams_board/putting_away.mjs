// Making streams and putting them away, on the list of streams: which sheet is open, and what was put away last.

export const puttingAway = {
  data() { return { sheet: "", away: null, restoring: false }; },
  methods: {
    async putAway(stream, place) {
      const reply = await this.ask("stow_stream", { stream_id: stream.id, place, reason: "" });
      if (!reply.ok) return;
      this.away = { title: stream.title, place, entry: reply.entry_id };
      this.focusCard(0);
    },
    async bringBack() {
      if (!this.away || this.restoring) return;
      this.restoring = true;
      const reply = await this.ask("restore_stream", { entry_id: this.away.entry, new_id: "" });
      this.restoring = false;
      if (!reply.ok) return;
      this.away = null;
      this.toast(`“${reply.stream_id}” is back.`);
    },
    goTo({ href }) { this.moveTo((document.body.dataset.baseUrl || "/") + href.slice(1)); },
    openNew() { if (this.may.make_streams) this.sheet = "new"; },
  },
};
