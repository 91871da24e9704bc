// What everybody has to know about the queue as a whole: nobody works, it is paused, the money is nearly used up.

import { count, moment } from "./format.mjs";
import { budgetUse } from "./task_groups.mjs";

const START = "Start one with “director worker”, or ask your admin.";

function workerNote({ worker_alive, queue = {} }) {
  if (worker_alive !== false) return [];
  const waiting = queue.queued
    ? `No worker is running, so ${count(queue.queued, "task waits", "tasks wait")} and nothing is being made. Nothing is lost.`
    : "No worker is running, so nothing new is being made. Your decisions are saved.";
  return [{ id: "banner-worker", level: queue.queued ? "bad" : "", text: `${waiting} ${START}` }];
}

function pauseNote({ engine, by, at }) {
  const what = engine ? `${engine} is` : "The queue is";
  const then = engine ? "Its tasks wait; what runs goes on." : "Nothing new begins; what runs goes on.";
  return { id: engine ? `banner-paused-${engine}` : "banner-paused", level: "", text: `${what} paused by ${by} since ${moment(at)}. ${then}`, engine: engine || null, resumes: true };
}

export function budgetNote({ spend }, promised) {
  const { level, text } = spend ? budgetUse(spend, promised) : { level: "" };
  return level ? [{ id: `budget-${level}`, level: level === "over" ? "bad" : "", text }] : [];
}

export function queueNotes(frame) {
  const pauses = (frame.queue && frame.queue.pauses) || [];
  return [...workerNote(frame), ...pauses.map(pauseNote)];
}
