// One clip after another without a gap: while one plays, the next waits in a second player with its first frame ready.
// What is on the screen stays there until the next picture can be shown, however late that one comes.

import { clamp } from "./frames.mjs";

export const filmPlaying = {
  data() { return { at: 0, front: 0, on: -1, playing: false, shows: "", waiting: false, broken: {} }; },
  computed: {
    scene() { return this.film.list[this.at]; },
    // The stills on the screen, waiting for it, and after that.
    stills() {
      const near = [...new Set([this.on, this.at, this.at + 1])].map((at) => this.film.list[at]);
      return near.filter((scene) => scene && this.kindOf(scene) === "still");
    },
  },
  created() {
    this.at = this.film.start;
    this.loaded = [null, null];
    this.stillTimer = null;
    this.leftMs = 0;
  },
  mounted() { this.open(this.at, true); },
  unmounted() {
    this.stopStill();
    for (const video of this.$refs.videos || []) { video.pause(); video.removeAttribute("src"); video.load(); }
  },
  watch: {
    "screen.speed"(speed) { for (const video of this.$refs.videos) video.playbackRate = speed; },
  },
  methods: {
    segment() { return this.scene.segment_id; },
    video(slot) { return this.$refs.videos[slot]; },
    // A clip that cannot be played is shown as its still.
    kindOf(scene) { return scene.clip && !this.broken[scene.segment_id] ? "clip" : scene.still ? "still" : "nothing"; },
    isOn(kind, at) { return !this.waiting && this.shows === kind && this.on === at; },
    // Puts a scene's clip into a player, unless it is there already.
    load(slot, scene) {
      const video = this.video(slot);
      if (this.loaded[slot] !== scene.segment_id) {
        this.loaded[slot] = scene.segment_id;
        video.poster = scene.clip.poster || "";
        video.src = scene.clip.src;
        video.load();
      } else if (video.currentTime > 0) {
        video.currentTime = 0;
      }
      return video;
    },
    // The player that is not on the screen.
    freeSlot() { return this.shows === "clip" ? 1 - this.front : this.front; },
    open(at, play) {
      this.stopStill();
      for (const video of this.$refs.videos) video.pause();
      this.at = at;
      this.playing = play;
      this.waiting = true;
      this.leftMs = this.scene.duration_s * 1000;
      if (this.kindOf(this.scene) === "clip") this.load(this.freeSlot(), this.scene).playbackRate = this.screen.speed;
      this.showWhenReady();
    },
    isReady() {
      const kind = this.kindOf(this.scene);
      if (kind === "clip") { const video = this.video(this.freeSlot()); return video.readyState >= 2 && !video.seeking; }
      if (kind === "nothing") return true;
      const still = (this.$refs.stills || []).find((one) => one.dataset.at === String(this.segment()));
      return Boolean(still) && still.complete;
    },
    // Also called whenever a player or a still has got something.
    showWhenReady() {
      if (!this.waiting || !this.isReady()) return;
      const kind = this.kindOf(this.scene);
      if (kind === "clip") this.front = this.freeSlot();
      this.on = this.at;
      this.shows = kind;
      this.waiting = false;
      if (this.playing) this.play();
      this.prepare(this.at + 1);
    },
    prepare(at) {
      const next = this.film.list[at];
      if (next && this.kindOf(next) === "clip") this.load(this.freeSlot(), next);
    },
    play() {
      this.playing = true;
      if (this.waiting) return;
      if (this.shows === "clip") {
        const video = this.video(this.front);
        if (video.ended) video.currentTime = 0;
        video.play().catch((error) => { if (error.name !== "AbortError") this.failed(this.front); });
        return;
      }
      this.began = performance.now();
      this.stillTimer = setTimeout(() => this.goOn(), this.leftMs / this.screen.speed);
    },
    pause() {
      this.playing = false;
      if (this.waiting) return;
      if (this.shows === "clip") { this.video(this.front).pause(); return; }
      this.leftMs -= (performance.now() - this.began) * this.screen.speed;
      this.stopStill();
    },
    stopStill() {
      clearTimeout(this.stillTimer);
      this.stillTimer = null;
    },
    toggle() {
      if (this.playing) this.pause();
      else if (this.over) { this.over = false; this.open(0, true); }
      else this.play();
    },
    failed(slot) {
      const id = this.loaded[slot];
      if (id === null || this.broken[id]) return;
      this.broken[id] = true;
      if (id === this.segment()) this.open(this.at, this.playing);
    },
    ended(slot) {
      if (slot === this.front && this.isOn("clip", this.at) && this.playing) this.goOn();
    },
    goOn() {
      if (this.at < this.film.list.length - 1) { this.open(this.at + 1, true); return; }
      this.playing = false;
      this.over = true;
    },
    go(step) {
      this.over = false;
      this.open(clamp(this.at + step, 0, this.film.list.length - 1), this.playing);
    },
  },
};
