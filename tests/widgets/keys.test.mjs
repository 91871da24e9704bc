import assert from "node:assert/strict";
import test from "node:test";

import { KEY_ACTIONS, actionOfKey, helpOf, keyName, keyParts, keyText, keysOf, whyNotKey } from "../../director_lib/widgets/frame/key_actions.mjs";
import { actionFor } from "../../director_lib/widgets/review_desk/keymap.mjs";

const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const desk = { kind: "keyframe", place: "grid", typing: false };

test("keys rest in a text field, except Esc and Ctrl S", () => {
  const typing = { ...desk, typing: true };
  assert.equal(actionFor(key("r"), typing), null);
  assert.equal(actionFor(key(" "), typing), null);
  assert.equal(actionFor(key("?", { shiftKey: true }), typing), null);
  assert.equal(actionFor(key("a", { ctrlKey: true }), typing), null);
  assert.equal(actionFor(key("Escape"), typing), "close");
  assert.equal(actionFor(key("s", { ctrlKey: true }), typing), "savePrompt");
  assert.equal(actionFor(key("y"), { ...typing, chosen: { savePrompt: "Y" } }), null);
});

test("the browser keeps its own combinations", () => {
  for (const name of ["r", "n", "p", "f", "z", "c", "l", "j", "d", "w", "g", "1"]) {
    for (const kind of ["keyframe", "video"]) {
      assert.equal(actionFor(key(name, { ctrlKey: true }), { ...desk, kind }), null);
      assert.equal(actionFor(key(name, { metaKey: true }), { ...desk, kind }), null);
      assert.equal(actionFor(key(name, { altKey: true }), { ...desk, kind }), null);
    }
  }
});

test("arrows step frames only on a clip that has the focus", () => {
  const right = (kind, place) => actionFor(key("ArrowRight"), { ...desk, kind, place });
  assert.equal(right("video", "desk"), "frameOn");
  assert.equal(right("video", "grid"), "right");
  assert.equal(right("keyframe", "desk"), "right");
  assert.equal(actionFor(key("j"), desk), null);
  assert.equal(actionFor(key("j"), { ...desk, kind: "video" }), "playBack");
});

test("shift turns undo into redo and leaves the other letters alone", () => {
  assert.equal(actionFor(key("z"), desk), "undo");
  assert.equal(actionFor(key("Z", { shiftKey: true }), desk), "redo");
  assert.equal(actionFor(key("R", { shiftKey: true }), desk), "regenerateSelected");
  assert.equal(actionFor(key("E", { shiftKey: true }), desk), null);
  assert.equal(actionFor(key("R"), desk), "regenerate");
  assert.equal(actionFor(key("Z", { shiftKey: true }), { ...desk, typing: true }), null);
});

test("a key is told by its character, on another alphabet by its place, and not by modifiers alone", () => {
  assert.equal(keyName(key("к", { code: "KeyR" })), "R");
  assert.equal(keyName(key("é", { code: "Semicolon" })), "É");
  assert.equal(keyName(key("?", { shiftKey: true })), "?");
  assert.equal(keyName(key("`", { ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" })), "`");
  assert.equal(keyName(key("F5")), "F5");
  for (const name of ["Shift", "Control", "Dead", "Unidentified"]) assert.equal(keyName(key(name)), null);
  assert.equal(keyName(key("ß")), "ß");
});

test("a chosen key is the action's alone, and its usual key is free", () => {
  const chosen = { approve: "Y", next: "Space" };
  assert.equal(actionFor(key("y"), { ...desk, chosen }), "approve");
  assert.equal(actionFor(key(" "), { ...desk, chosen }), "next");
  assert.equal(actionFor(key("n"), { ...desk, chosen }), null);
  assert.equal(actionOfKey("R", chosen).name, "regenerate");
  assert.equal(keysOf(chosen).approve, "Y");
});

test("no two actions have the same key", () => {
  assert.equal(new Set(KEY_ACTIONS.map((action) => action.key)).size, KEY_ACTIONS.length);
});

test("what moves, leaves, sends or is the browser's cannot be chosen; every usual key can", () => {
  for (const name of ["Esc", "Enter", "Tab", "Left", "Shift+Up", "Ctrl+R", "Ctrl+W", "F5", "Home", "Shift+Enter"]) assert.ok(whyNotKey(name), name);
  for (const action of KEY_ACTIONS) assert.equal(whyNotKey(action.key), "", action.name);
});

test("keys are written as on a keyboard", () => {
  assert.deepEqual(keyParts("Ctrl+S"), ["Ctrl", "S"]);
  assert.deepEqual(keyParts("+"), ["+"]);
  assert.equal(keyText("Shift+Z"), "Shift Z");
});

test("help lists what this screen can do, with the person's own keys", () => {
  const groups = helpOf("keyframe", { approve: "Y" }, (name) => ["approve", "undo", "play"].includes(name));
  const lines = groups.flatMap((group) => group.keys);
  assert.deepEqual(lines.find((line) => line.does.startsWith("Approve")).keys, ["Y"]);
  assert.ok(!lines.some((line) => line.does === "Play"));
  assert.ok(!lines.some((line) => line.does === "Regenerate"));
  assert.ok(lines.some((line) => line.keys.includes("Esc")));
  assert.ok(helpOf("video", {}, () => true).some((group) => group.title === "Playing"));
});
