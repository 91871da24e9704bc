// Numbers and times as people read them. All functions take plain values and return text.

export function money(usd) {
  if (usd === null || usd === undefined) return "–";
  return "$" + Number(usd).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function bytes(size) {
  if (size === null || size === undefined) return "–";
  const units = ["B", "kB", "MB", "GB"];
  let step = 0;
  let value = size;
  while (value >= 1000 && step < units.length - 1) { value /= 1000; step += 1; }
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

export function clock(iso) {
  if (!iso) return "";
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function moment(iso, now = new Date()) {
  if (!iso) return "";
  const then = new Date(iso);
  if (then.toDateString() === now.toDateString()) return `today ${clock(iso)}`;
  const sameYear = then.getFullYear() === now.getFullYear();
  const day = then.toLocaleDateString([], { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
  return `${day} ${clock(iso)}`;
}

export function momentInFull(iso) {
  if (!iso) return "";
  return new Date(iso).toLocaleString([], { dateStyle: "full", timeStyle: "long" });
}

export function count(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

export function phaseText(task) {
  if (task.state === "queued") return task.phase || "waiting";
  if (task.state === "running") {
    // none is told of what is to be chosen from blind
    const done = Math.floor(task.percent || 0);
    return `${task.phase || "rendering"}${done ? ` ${done} %` : ""}`;
  }
  return { failed: "failed", cancelled: "cancelled", unknown: "outcome unknown", succeeded: "done" }[task.state];
}
