// How clips are played on the desk, and what is known of their frames.

import { nextSpeed } from "./frames.mjs";

export const deskPlaying = {
  data() {
    return { at: 0, speed: 1, loop: true, muted: true };
  },
  created() {
    this.timings = new Map();
  },
  methods: {
    // Resolves with {timing}, or with a {message} when the frames of this clip cannot be told apart.
    timingOf(version) {
      if (!this.timings.has(version.id)) {
        const asked = this.ask("clip_timing", { version_id: version.id }, { silent: true });
        this.timings.set(version.id, asked);
        asked.then((reply) => { if (!reply.ok) this.timings.delete(version.id); });
      }
      return this.timings.get(version.id);
    },
    key_playBack() { if (this.$refs.viewer) this.$refs.viewer.play(-1); },
    key_pause() { if (this.$refs.viewer) this.$refs.viewer.hold(); },
    key_play() { if (this.$refs.viewer) this.$refs.viewer.play(1); },
    key_frameBack() { if (this.$refs.viewer) this.$refs.viewer.step(-1); },
    key_frameOn() { if (this.$refs.viewer) this.$refs.viewer.step(1); },
    key_slower() { this.speed = nextSpeed(this.speed, -1); },
    key_faster() { this.speed = nextSpeed(this.speed, 1); },
    key_loop() { this.loop = !this.loop; },
    key_sound() { this.muted = !this.muted; },
  },
};
