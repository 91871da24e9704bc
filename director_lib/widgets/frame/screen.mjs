// What every screen's own component shares: requests and their answers, toasts, the frame, the tasks.

import { keyName, keysOf } from "./key_actions.mjs";
import { moving } from "./moving.mjs";
import { queueScreen } from "./queue_screen.mjs";

const PATIENCE_MS = 8000;
const AWAY_MS = 300000;
const LATER = new Set([
  "dl-help-sheet", "dl-task-drawer", "dl-task-group", "dl-task-row", "dl-task-lines", "dl-queue-tools", "dl-cancel-sheet", "dl-unknown-outcome",
]);
const LATER_MS = 1000;
const TOAST_MS = { info: 6000, error: 14000 };

export function newId() {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
}

export const screenMixin = {
  mixins: [queueScreen, moving],
  data() {
    return { frame: null, loaded: false, compiled: false, unanswered: false, toasts: [], help: false, failure: "" };
  },
  provide() {
    return { screen: this };
  },
  beforeCreate() {
    // Components are given to this one only; the children use each other, so make them the app's.
    const app = this.$.appContext.app;
    for (const [tag, component] of Object.entries(this.$options.components || {})) {
      if (!app.component(tag)) app.component(tag, component);
    }
  },
  created() {
    this.requests = new Map();
    this.awaySince = null;
    this.compile();
    this.onVisible = () => this.noteVisibility(document.visibilityState === "visible");
    this.onOnline = () => this.refresh();
  },
  mounted() {
    document.addEventListener("visibilitychange", this.onVisible);
    window.addEventListener("online", this.onOnline);
    this.refresh();
  },
  unmounted() {
    document.removeEventListener("visibilitychange", this.onVisible);
    window.removeEventListener("online", this.onOnline);
    for (const request of this.requests.values()) clearTimeout(request.timer);
  },
  computed: {
    screen() { return this; },
    interactive() { return this.loaded && this.compiled; },
    may() { return (this.frame && this.frame.person && this.frame.person.may) || {}; },
    // Keys that this person gave to actions; every other action has its usual one.
    chosenKeys() { return (this.frame && this.frame.person && this.frame.person.keys) || {}; },
    who() { return (this.frame && this.frame.person && this.frame.person.name) || ""; },
  },
  methods: {
    // The browser compiles components when they are first shown; have them all before anything is.
    async compile() {
      const parts = Object.entries(this.$options.components || {}).filter(([, part]) => part.__asyncLoader);
      await Promise.all(parts.filter(([tag]) => this.ownsQueue || !LATER.has(tag)).map(([, part]) => part.__asyncLoader()));
      this.compiled = true;
      setTimeout(() => parts.forEach(([, part]) => part.__asyncLoader()), LATER_MS);
    },
    refresh() {
      this.ready({});
    },
    isHelpKey(event) {
      return keyName(event) === keysOf(this.chosenKeys).help;
    },
    hasEvent(event) {
      return typeof this[event] === "function";
    },
    // Resolves with the page's answer, {ok: false, code, message} included; a refusal is also shown as a toast.
    ask(event, fields = {}, { silent = false } = {}) {
      const request_id = newId();
      return new Promise((resolve) => {
        const timer = setTimeout(() => { this.unanswered = true; }, PATIENCE_MS);
        this.requests.set(request_id, { resolve, timer, silent });
        this[event]({ request_id, ...fields });
      });
    },
    jupyter_reply(reply) {
      this.unanswered = false;
      const request = this.requests.get(reply.request_id);
      if (!request) return;
      this.requests.delete(reply.request_id);
      clearTimeout(request.timer);
      if (!reply.ok && !request.silent) this.toast(reply.message, "error");
      request.resolve(reply);
    },
    jupyter_fail({ message }) {
      this.failure = message;
    },
    jupyter_notice(notice) {
      this.toast(notice.message, notice.level || "info");
    },
    toast(message, level = "info") {
      const id = newId();
      this.toasts = [...this.toasts.filter((toast) => toast.message !== message), { id, message, level }].slice(-4);
      setTimeout(() => this.dismiss(id), TOAST_MS[level] || TOAST_MS.info);
    },
    dismiss(id) {
      this.toasts = this.toasts.filter((toast) => toast.id !== id);
    },
    // A change may be told before the browser has been told everything.
    takeFrame(partial) {
      if (partial && (this.frame || partial.person)) this.frame = Object.freeze({ ...this.frame, ...partial });
    },
    noteVisibility(visible) {
      if (!visible) { this.awaySince = Date.now(); return; }
      if (this.awaySince && Date.now() - this.awaySince > AWAY_MS) this.refresh();
      this.awaySince = null;
    },
  },
};
