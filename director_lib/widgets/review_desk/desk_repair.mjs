// What is out of date on the whole stream, the plan that repairs it, and its price.

import { count } from "../frame/format.mjs";

const PLAN_DELAY_MS = 250;
const LONGEST_PLAN_DELAY_MS = 3000;
const NONE = { stills: 0, clips: 0 };

export function countedStale({ stills, clips }) {
  const told = [stills && count(stills, "still", "stills"), clips && count(clips, "clip", "clips")];
  return told.filter(Boolean).join(" and ");
}

export function saidOfRepair({ queued, restored, left, failed }) {
  const told = [queued && `${queued} queued`, restored && `${restored} restored`, left && `${left} left for later`];
  return [`${told.filter(Boolean).join(", ")}.`, ...failed].join(" ");
}

export const deskRepair = {
  data() {
    return { outOfDate: NONE, plan: null, repairing: false };
  },
  computed: {
    nOutOfDate() { return this.outOfDate.stills + this.outOfDate.clips; },
  },
  unmounted() {
    clearTimeout(this.planTimer);
  },
  methods: {
    takeOutOfDate(counts) {
      if (!counts) return;
      this.outOfDate = { ...NONE, ...counts };
      if (!this.nOutOfDate) { this.plan = null; if (this.sheet === "repair") this.sheet = null; return; }
      clearTimeout(this.planTimer);
      // While a batch repairs many, the price follows at its leisure.
      const delay = Math.min(LONGEST_PLAN_DELAY_MS, PLAN_DELAY_MS + 5 * this.nOutOfDate);
      this.planTimer = setTimeout(() => this.askPlan(), delay);
    },
    async askPlan() {
      const reply = await this.ask("repair_plan", {}, { silent: true });
      this.plan = reply.ok ? Object.freeze(reply.plan) : null;
    },
    openRepair() {
      this.sheet = "repair";
      this.askPlan();
    },
    async applyRepair(replace_approved, with_clips) {
      if (this.repairing || !this.plan) return;
      this.repairing = true;
      const reply = await this.ask("apply_repair", { plan_sha256: this.plan.sha256, replace_approved, with_clips });
      this.repairing = false;
      if (!reply.ok) { this.askPlan(); return; }
      this.sheet = null;
      this.toast(saidOfRepair(reply.done), reply.done.failed.length ? "error" : "info");
      this.openSoon(0);
      this.askPlan();
      this.$nextTick(() => this.focusGrid());
    },
  },
};
