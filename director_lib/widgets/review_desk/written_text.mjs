// A text field over one of a card's prompts, whose words may be changed elsewhere while somebody writes.
// The component has `card`, `field`, `text` and `base`: the words it began with.

export const writtenText = {
  computed: {
    current() { return this.card[this.field]; },
    dirty() { return this.text !== this.base; },
    // Both sides changed it, and not to the same words.
    clashes() { return this.dirty && this.current.trim() !== this.base.trim() && this.current.trim() !== this.text.trim(); },
  },
  watch: {
    // What somebody else saved replaces the text only while nobody has written here.
    current() { if (!this.dirty) this.takeCurrent(); },
    dirty(now) { this.screen.noteTyping(this.card.segment_id, this.field, now); },
  },
  unmounted() {
    this.screen.noteTyping(this.card.segment_id, this.field, false);
  },
  methods: {
    takeCurrent() {
      this.text = this.current;
      this.base = this.current;
    },
    keep() {
      this.screen.keepDraft(this.card.segment_id, this.field, this.text, this.base);
    },
    forget() {
      this.screen.forgetDraft(this.card.segment_id, this.field);
      this.takeCurrent();
    },
  },
};
