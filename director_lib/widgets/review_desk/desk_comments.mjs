// Comments on the desk: threads, what is drawn over the picture, and a comment taken along into the regeneration.

import { threadsOf, withoutMentions } from "./mentions.mjs";
import { MOST_SHAPES } from "./regions.mjs";

export const deskComments = {
  data() {
    return { people: [], tool: null, drawing: [], thread: null, drawings: false, suggestion: null, shownFrame: null };
  },
  computed: {
    threads() {
      const here = this.detail && this.detail.segment_id === this.selected;
      return here ? threadsOf(this.detail.comments) : [];
    },
    regions() { return this.version ? this.drawnOver(this.version.number, this.shownFrame) : []; },
  },
  watch: {
    selected() { this.dropDrawing(); this.thread = null; this.suggestion = null; },
    "version.id"() { this.dropDrawing(); },
  },
  methods: {
    // What is drawn over a version: of the thread that is looked at, and of all open ones when asked for.
    drawnOver(number, frame) {
      const follows = (one) => one.version_number <= number && (!one.resolved_at || one.version_number === number);
      const onFrame = (one) => one.frame === null || one.frame === undefined || frame === null || one.frame === frame;
      return this.threads
        .filter((one) => one.region && follows(one) && onFrame(one) && (one.id === this.thread || (this.drawings && !one.resolved_at)))
        .map((one) => ({ id: one.id, shapes: one.region.shapes, isOld: one.version_number !== number, isOn: one.id === this.thread }));
    },
    // One shape for each choice of a tool, so that after drawing the words can be typed at once.
    pickTool(kind) {
      if (!this.version || this.drawing.length >= MOST_SHAPES) return;
      this.pausePlayback();
      Object.assign(this, { compareWith: null, cut: false });
      this.tool = this.tool === kind ? null : kind;
      if (this.tool) this.$nextTick(() => this.$refs.overlay && this.$refs.overlay.take());
    },
    keepShape(shape) {
      this.drawing = [...this.drawing, shape];
      this.leaveTool();
    },
    leaveTool() {
      this.tool = null;
      this.$nextTick(() => this.$refs.comments && this.$refs.comments.write());
    },
    dropDrawing() {
      this.drawing = [];
      this.tool = null;
    },
    // Resolves when it is known which frame the clip stands on.
    async pausePlayback() {
      const { viewer } = this.$refs;
      if (!viewer || !viewer.pause) return;
      await viewer.pause();
      if (viewer.player && viewer.player.seeking) await viewer.player.seeking;
      if (Number.isInteger(viewer.frame)) this.shownFrame = viewer.frame;
    },
    // A thread that is looked at shows its frame and what was drawn.
    lookAt(thread) {
      this.thread = this.thread === thread.id && (thread.region || thread.frame !== null) ? null : thread.id;
      if (this.thread && thread.frame !== null && thread.frame !== undefined && this.$refs.viewer && this.$refs.viewer.showFrame) this.$refs.viewer.showFrame(thread.frame);
    },
    nameOf(username) {
      const known = this.people.find((one) => one.username === username);
      return known ? known.name : username;
    },
    async sayComment({ text, on_version, frame }) {
      const version_id = on_version && this.version ? this.version.id : null;
      const region = this.drawing.length && version_id ? { shapes: this.drawing } : null;
      const reply = await this.ask("add_comment", { segment_id: this.selected, version_id, text, frame: version_id ? frame : null, region });
      if (!reply.ok) return reply;
      this.dropDrawing();
      this.thread = region ? reply.comment_id : null;
      this.openSoon(0);
      return reply;
    },
    async answerComment(comment_id, text) {
      const reply = await this.ask("reply_comment", { comment_id, text });
      if (reply.ok) this.openSoon(0);
      return reply;
    },
    async closeComment(comment_id, resolved) {
      const reply = await this.ask("resolve_comment", { comment_id, resolved });
      if (reply.ok) this.openSoon(0);
    },
    regenerateWith(thread) {
      this.suggestion = { text: withoutMentions(thread.text, thread.mentions), author: this.nameOf(thread.author) };
      this.openSheet("regenerate");
    },
  },
};
