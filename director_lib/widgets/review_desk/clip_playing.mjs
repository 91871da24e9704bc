// One clip on the desk: which frame of it is on the screen, and how it is played.

import { FramePlayer } from "./frame_player.mjs";
import { lastFrame } from "./frames.mjs";

export const clipPlaying = {
  props: { start: { type: Number, default: 0 } },
  emits: ["frame"],
  data() { return { frame: 0, playing: false, resting: false, timing: null, untimed: "" }; },
  computed: {
    last() { return this.timing ? lastFrame(this.timing) : 0; },
  },
  watch: {
    "version.id": { flush: "post", handler() { this.openClip(this.start); } },
    // The last frame of a run may have been told before the pause was.
    playing(now) { if (!now && this.player) this.$emit("frame", this.frame); },
    "screen.speed"(speed) { if (this.$refs.video) this.$refs.video.playbackRate = speed; },
  },
  mounted() { this.openClip(this.start); },
  unmounted() { this.closeClip(); },
  methods: {
    async openClip(frame) {
      this.closeClip();
      Object.assign(this, { frame: 0, timing: null, playing: false, resting: false, untimed: "" });
      const { video } = this.$refs;
      if (!video) return;
      const player = new FramePlayer(video, (shown) => {
        this.frame = shown;
        // A frame on the way to the one that is wanted is nobody's place.
        if (!this.playing && (player.wanted === null || player.wanted === shown)) this.$emit("frame", shown);
      }, (is) => { this.resting = is; });
      this.player = player;
      if (frame) player.seek(frame);
      const reply = await this.screen.timingOf(this.version);
      if (this.player !== player) return;
      this.timing = reply.timing || null;
      this.untimed = reply.message || "";
      player.know(this.timing);
    },
    closeClip() {
      if (this.player) this.player.close();
      this.player = null;
    },
    take() { this.$el.focus({ preventScroll: true }); },
    toggle() { if (this.playing || (this.player && this.player.backward)) this.hold(); else this.play(1); },
    play(direction) {
      this.take();
      if (!this.player) return;
      if (direction < 0) { this.player.playBack(this.screen.speed); return; }
      this.player.play(this.screen.speed).catch(() => { this.playing = false; });
    },
    // Not left to the clip itself: it would also begin anew when it is paused on its last frame.
    ended() {
      if (!this.player || !this.player.running) return;
      if (this.screen.loop) this.player.play(this.screen.speed).catch(() => { this.playing = false; });
      else this.player.pause();
    },
    hold() {
      this.take();
      return this.player ? this.player.pause() : null;
    },
    pause() { return this.player ? this.player.pause() : null; },
    // Shows one frame and leaves the keyboard to whoever has it.
    async showFrame(frame) {
      await this.pause();
      if (this.player) await this.player.seek(frame);
    },
    async step(count) {
      await this.hold();
      if (this.player) await this.player.step(count);
    },
    async seek(frame) {
      const wasPlaying = this.playing;
      if (wasPlaying) await this.hold();
      if (this.player) await this.player.seek(frame);
      if (wasPlaying) this.play(1);
    },
  },
};
