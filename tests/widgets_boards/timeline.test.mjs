import assert from "node:assert/strict";
import test from "node:test";

import { dayWords, joined, ranges, sayRun, timeline } from "../../director_lib/widgets/activity_page/timeline.mjs";
import { slugOf, whyNotFile } from "../../director_lib/widgets/streams_board/uploading.mjs";
import { labelOf, lengthText, readingText } from "../../director_lib/widgets/story_page/story_words.mjs";

const NOON = new Date(2026, 2, 27, 12);
const event = (seq, minutes, more = {}) => ({
  seq, actor: "dora", name: "dora", said: "approved {what}", one: "keyframe", many: "keyframes", segment_id: seq, note: "",
  at: new Date(NOON.getTime() + minutes * 60000).toISOString(), ...more,
});
const told = (events) => timeline(events).flatMap((day) => day.runs.map(sayRun));

test("numbers are told as ranges, in order and once", () => {
  assert.equal(ranges([]), "");
  assert.equal(ranges([3]), "3");
  assert.equal(ranges([2, 1]), "1, 2");
  assert.equal(ranges([4, 2, 3, 1, 3, 7, 9, 10, 11]), "1–4, 7, 9–11");
});

test("equal neighbours are one line", () => {
  assert.deepEqual(told([event(4, 3), event(3, 2), event(2, 1), event(1, 0)]), ["approved keyframes 1–4"]);
  assert.deepEqual(told([event(2, 1, { segment_id: 2 }), event(1, 0, { segment_id: 2 })]), ["approved keyframe 2, 2 times"]);
  const edited = { said: "edited the spec", segment_id: null };
  assert.deepEqual(told([event(2, 1, edited), event(1, 0, edited)]), ["edited the spec, 2 times"]);
  assert.deepEqual(told([event(1, 0, { said: "commented on {what}", segment_id: null })]), ["commented on the stream"]);
});

test("another person, deed, note, day or half an hour ends a run", () => {
  const others = [{ actor: "ben" }, { said: "sent {what} back" }, { note: "darker" }, { one: "clip" }, { segment_id: null }];
  for (const other of others) assert.equal(told([event(2, 1), event(1, 0, other)]).length, 2, JSON.stringify(other));
  assert.equal(told([event(2, 31), event(1, 0)]).length, 2);
  assert.equal(told([event(2, 0), event(1, -12 * 60 - 5)]).length, 2);
  assert.equal(timeline([event(2, 0), event(1, -24 * 60)]).length, 2);
});

test("a long run may last as long as it goes on", () => {
  const many = Array.from({ length: 90 }, (_, n) => event(100 - n, -n));
  assert.deepEqual(told(many), ["approved keyframes 11–100"]);
});

test("days have words", () => {
  assert.equal(dayWords(NOON.toISOString(), NOON), "Today");
  assert.equal(dayWords(new Date(2026, 2, 26, 23, 59).toISOString(), NOON), "Yesterday");
  assert.match(dayWords(new Date(2025, 2, 26).toISOString(), NOON), /2025/u);
});

test("new events come first, and none twice", () => {
  assert.deepEqual(joined([event(3, 2), event(2, 1)], [event(2, 1), event(1, 0)]).map((one) => one.seq), [3, 2, 1]);
});

test("ten thousand events are folded before anybody notices", () => {
  const many = Array.from({ length: 10000 }, (_, n) => event(10000 - n, -n, { segment_id: n % 7, actor: n % 3 ? "dora" : "ben" }));
  assert.ok(timeline(many).length > 5);
});

test("a title suggests the id that the workbench would suggest", () => {
  for (const [title, id] of [["Árvíztűrő Tükörfúrógép", "arvizturo-tukorfurogep"], ["Straße, Łódź", "strasse-lodz"], ["../../etc", "etc"], ["雨", ""]]) assert.equal(slugOf(title), id);
});

test("a file that cannot be read is told before it is sent", () => {
  assert.equal(whyNotFile({ name: "A.DOCX", size: 10 }), "");
  assert.match(whyNotFile({ name: "a.pdf", size: 10 }), /none of/u);
  assert.match(whyNotFile({ name: "a.txt", size: 26e6 }), /25 MB/u);
  assert.match(whyNotFile({ name: "a.txt", size: 0 }), /empty/u);
});

test("lengths and fields are told in words", () => {
  assert.equal(lengthText({ n_words: 1, n_characters: 4, counts_letters: false }).counted, "1 word");
  assert.equal(lengthText({ n_words: 1200, n_characters: 1300, counts_letters: true }).counted, "1,200 characters");
  assert.deepEqual([0, 30, 200, 4000].map(readingText), ["", "less than a minute to read", "3 min to read", "1 h 7 min to read"]);
  assert.deepEqual(["style_notes", "weather_at-sea", "_"].map(labelOf), ["Style notes", "Weather at sea", "_"]);
});
