// One clip after another without a gap: while one plays, the next waits in a second player with its first frame ready.

import { clamp } from "./frames.mjs";

export const filmPlaying = {
  data() { return { at: 0, front: 0, playing: false, shows: "nothing" }; },
  computed: {
    scene() { return this.film.list[this.at]; },
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
    open(at, play) {
      this.stopStill();
      this.at = at;
      const { scene } = this;
      const before = this.video(this.front);
      if (scene.clip) {
        const waiting = this.loaded[1 - this.front] === scene.segment_id;
        if (waiting || this.shows === "clip") this.front = 1 - this.front;
        this.load(this.front, scene).playbackRate = this.screen.speed;
      }
      if (before !== this.video(this.front) || !scene.clip) before.pause();
      this.shows = scene.clip ? "clip" : scene.still ? "still" : "nothing";
      this.leftMs = scene.duration_s * 1000;
      if (play) this.play();
      this.prepare(at + 1);
    },
    prepare(at) {
      const next = this.film.list[at];
      if (next && next.clip) this.load(this.shows === "clip" ? 1 - this.front : this.front, next);
      if (next && !next.clip && next.still) this.screen.decodePicture(next.still.poster || next.still.src);
    },
    play() {
      this.playing = true;
      if (this.shows === "clip") {
        const video = this.video(this.front);
        if (video.ended) video.currentTime = 0;
        video.play().catch((error) => { if (error.name !== "AbortError") this.standIn(); });
        return;
      }
      this.began = performance.now();
      this.stillTimer = setTimeout(() => this.goOn(), this.leftMs / this.screen.speed);
    },
    // A clip that cannot be played is shown as its still.
    standIn() {
      this.shows = this.scene.still ? "still" : "nothing";
      if (this.playing) this.play();
    },
    pause() {
      this.playing = false;
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
      if (slot === this.front && this.shows === "clip") this.standIn();
    },
    ended(slot) {
      if (slot === this.front && this.shows === "clip" && this.playing) this.goOn();
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
