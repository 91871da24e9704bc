// The segments around the one on the desk, the film from here on, and the contact sheet.

const IN_FILM = {
  approve: "filmToggle", play: "filmPlay", pause: "filmPause", next: "filmNext", previous: "filmPrevious", right: "filmNext", left: "filmPrevious",
  frameOn: "filmNext", frameBack: "filmPrevious", fullScreen: "fullScreen", sound: "sound", film: "film", close: "close", help: "help",
};

export const deskFilm = {
  data() {
    return { around: false, scenes: null, sheetMenu: false };
  },
  computed: {
    before() { return this.around ? this.besides(-1) : null; },
    after() { return this.around ? this.besides(1) : null; },
  },
  methods: {
    besides(step) {
      const here = this.view.findIndex((card) => card.segment_id === this.selected);
      return this.view[here + step] || null;
    },
    // While the film plays, keys steer the film and decide nothing.
    whileWatching(action) {
      return this.scenes ? IN_FILM[action] || null : action;
    },
    async openFilm() {
      const reply = await this.ask("film");
      if (!reply.ok) return;
      const here = reply.scenes.findIndex((scene) => scene.segment_id === this.selected);
      if (!reply.scenes.some((scene) => scene.clip || scene.still)) { this.toast("There is nothing to play yet."); return; }
      this.closeSheet();
      if (this.$refs.viewer && this.kind === "video") this.$refs.viewer.hold();
      this.scenes = Object.freeze({ list: reply.scenes, start: Math.max(0, here) });
    },
    // The desk goes on with the segment that was on the screen.
    endFilm() {
      const segment = this.$refs.film ? this.$refs.film.segment() : this.selected;
      this.scenes = null;
      if (this.visible.some((card) => card.segment_id === segment)) this.select(segment);
      this.$nextTick(() => this.focusGrid());
    },
    key_neighbours() { this.around = !this.around; },
    key_contactSheet() { this.sheetMenu = !this.sheetMenu; },
    key_film() {
      if (this.scenes) this.endFilm();
      else this.openFilm();
    },
    key_filmToggle() { this.$refs.film.toggle(); },
    key_filmPlay() { this.$refs.film.play(); },
    key_filmPause() { this.$refs.film.pause(); },
    key_filmNext() { this.$refs.film.go(1); },
    key_filmPrevious() { this.$refs.film.go(-1); },
  },
};
