// Keys on a page that is no review desk: an action's key, as the person chose it, calls `key_<action>` of the page.

import { KEY_ACTIONS, actionOfKey, keyName, keyParts, keysOf } from "./key_actions.mjs";

const WRITTEN_IN = "input, textarea, select, [contenteditable]";
const CONTROLS = "button, a[href], summary, input[type=checkbox]";

// A key pressed on a button that was reached by keyboard is the button's; after a mouse click it is the page's.
export function isControls(target, name) {
  const control = target.closest && target.closest(CONTROLS);
  if (!control || (name !== "Space" && name !== "Enter")) return false;
  return name === "Enter" || control.matches(":focus-visible");
}

export const pageKeys = {
  created() {
    this.onPageKey = (event) => this.takePageKey(event);
    window.addEventListener("keydown", this.onPageKey);
  },
  unmounted() { window.removeEventListener("keydown", this.onPageKey); },
  methods: {
    takePageKey(event) {
      if (!this.interactive || event.defaultPrevented || event.isComposing || event.repeat) return;
      const { target } = event;
      if (!(this.$el.contains && this.$el.contains(target)) && !(document.body.dataset.voila && target === document.body)) return;
      const name = keyName(event);
      if (!name || this.drawer || (this.help && name !== "Esc")) return;
      if (name === "Esc") { if (this.help) this.help = false; else if (this.key_close) this.key_close(event); return; }
      if ((target.closest && target.closest(WRITTEN_IN)) || isControls(target, name)) return;
      const action = actionOfKey(name, this.chosenKeys);
      if (!action || !this[`key_${action.name}`]) return;
      if (this[`key_${action.name}`]() !== false) event.preventDefault();
    },
    key_help() { this.help = true; },
    // Lines for the help sheet; `does` has this page's words for actions that mean something else here.
    keyLines(does) {
      const keys = keysOf(this.chosenKeys);
      return Object.entries(does).map(([name, words]) => {
        const known = KEY_ACTIONS.find((action) => action.name === name);
        return known ? { keys: keyParts(keys[name]), does: words || known.does } : { keys: name.split(" "), does: words };
      });
    },
  },
};
