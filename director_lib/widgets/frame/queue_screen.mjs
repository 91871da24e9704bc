// The part of every screen that shows tasks: in its drawer, and on the tasks page.

import { applyChanges, firstRows, groupTasks } from "./task_groups.mjs";

const KEPT_LINES = 500;

export const queueScreen = {
  data() {
    return { drawer: false, queue: null, lines: {}, openLines: "", atTask: "", dragged: "", clearing: false, now: Date.now() };
  },
  computed: {
    taskGroups() { return this.queue ? groupTasks(this.queue) : []; },
    promised() { return (this.queue && this.queue.counts.promised_usd) || 0; },
    pauses() { return (this.frame && this.frame.queue && this.frame.queue.pauses) || []; },
    // The tasks page shows tasks without its drawer, too.
    ownsQueue() { return false; },
    // Of all rows one is reached by Tab; the arrows lead to the others.
    rowInTabOrder() {
      const ids = this.taskGroups.flatMap((group) => group.tasks.map((task) => task.id));
      return ids.includes(this.atTask) ? this.atTask : ids[0] || "";
    },
  },
  watch: {
    queue(now, before) { if (Boolean(now) !== Boolean(before)) this.runClock(Boolean(now)); },
  },
  unmounted() { this.runClock(false); },
  methods: {
    runClock(wanted) {
      clearInterval(this.clockTimer);
      this.now = Date.now();
      if (wanted) this.clockTimer = setInterval(() => { this.now = Date.now(); }, 1000);
    },
    takeQueue(all) {
      this.queue = Object.freeze(firstRows(all));
    },
    jupyter_queue(changes) {
      if (this.queue) this.queue = Object.freeze(applyChanges(this.queue, changes));
      for (const [id, lines] of Object.entries(changes.lines || {})) this.addLines(id, lines);
    },
    async openDrawer() {
      this.drawer = true;
      if (this.ownsQueue) return;
      const reply = await this.ask("list_tasks");
      if (reply.ok && this.drawer) this.takeQueue(reply);
    },
    closeDrawer() {
      this.drawer = false;
      if (this.ownsQueue) return;
      this.queue = null;
      this.openLines = "";
      this.ask("close_tasks", {}, { silent: true });
    },
    async moreTasks(group) {
      const reply = await this.ask("more_tasks", { group });
      if (reply.ok) this.takeQueue(reply);
    },
    cancelTask(task_id) { return this.ask("cancel_task", { task_id }); },
    retryTask(task_id) { return this.ask("retry_task", { task_id }); },
    moveTask(task_id, way, before = null) {
      this.atTask = task_id;
      return this.ask("move_task", { task_id, way, before });
    },
    isPauseKey(event) {
      const typing = event.target.closest && event.target.closest("input, textarea, select");
      return !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.repeat && Boolean(this.may.generate);
    },
    pauseQueue(engine = null) { return this.ask("pause_queue", { engine }); },
    resumeQueue(engine = null) { return this.ask("resume_queue", { engine }); },
    togglePause(engine = null) {
      const paused = this.pauses.some((pause) => (pause.engine || null) === engine);
      return paused ? this.resumeQueue(engine) : this.pauseQueue(engine);
    },
    settleTask(task_id, was_made, note) { return this.ask("settle_task", { task_id, was_made, note }); },
    queuedStreams() { return this.ask("queued_streams"); },
    async cancelQueued(stream) {
      const reply = await this.ask("cancel_queued", { stream_id: stream.id });
      if (reply.ok) this.toast(`${reply.cancelled} queued ${reply.cancelled === 1 ? "task" : "tasks"} of “${stream.title}” cancelled. What runs goes on.`);
      return reply;
    },
    async toggleLines(task_id) {
      const before = this.openLines;
      if (before) this.ask("hide_lines", { task_id: before }, { silent: true });
      this.openLines = before === task_id ? "" : task_id;
      if (!this.openLines) return;
      const reply = await this.ask("show_lines", { task_id });
      if (reply.ok) this.lines = { [task_id]: Object.freeze(reply.lines) };
    },
    addLines(task_id, lines) {
      const known = this.lines[task_id];
      if (!known) return;
      const last = known.length ? known[known.length - 1].id : 0;
      this.lines = { ...this.lines, [task_id]: Object.freeze([...known, ...lines.filter((line) => line.id > last)].slice(-KEPT_LINES)) };
    },
  },
};
