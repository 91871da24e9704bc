// What the sheet knows of how a segment is made: the price, the pictures that go along, whose words it takes.
// The component has `card`, `like`, `engines`, `engine`, `model`, `variants`, `field`, `text`, `base`.

import { likeWords } from "./desk_making.mjs";
import { picturesTaken } from "./making_words.mjs";

export const sheetMaking = {
  data() {
    return { price: undefined, references: null, keepFor: "", ownWords: false };
  },
  computed: {
    taken() { return this.references === null ? picturesTaken(this.engines, this.engine, this.model) : this.references; },
    // Pictures of other segments that go along: only those that the engine takes.
    pictures() { return this.like && this.like.version && this.taken > 0 ? [this.like.version.id] : []; },
  },
  methods: {
    async askPrice() {
      const { engine, model, variants, pictures: references } = this;
      Object.assign(this, { price: undefined, references: null });
      const reply = await this.screen.ask("price", { segment_id: this.card.segment_id, engine, model, variants, references, ...this.comparing }, { silent: true });
      if (engine !== this.engine || model !== this.model || variants !== this.variants) return;
      Object.assign(this, { price: reply.ok ? reply.price_usd : null, references: reply.ok ? reply.references_taken : null });
    },
    // After a reload: what was written here and not sent.
    resume() {
      this.screen.resumed = false;
      const draft = this.screen.findDraft(this.card.segment_id, this.field);
      if (draft) Object.assign(this, { text: draft.text, base: draft.base_text });
      const negative = this.screen.findDraft(this.card.segment_id, "negative_prompt");
      if (negative) Object.assign(this, { negative: negative.text, negativeBase: negative.base_text });
    },
    takeWords(own) {
      this.ownWords = own;
      this.text = own ? this.card[this.field] : likeWords(this.like);
      this.keep();
      this.$refs.field.focus();
    },
  },
};
