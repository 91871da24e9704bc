// How the versions of a set differ. The component has `variants`, `arms` and `blind`.

export const NO_ARM = Object.freeze({ engine: "", model: "", prompt: "", preset_id: 0 });

// As many as there are versions; those that were there stay as they were.
export function armsFor(arms, count) {
  return Array.from({ length: count }, (_, n) => ({ ...NO_ARM, ...arms[n] }));
}

export const armsMixin = {
  data() { return { arms: [], blind: false }; },
  computed: {
    differ() { return this.arms.length > 0; },
    // What is sent of it; one version alone is compared with nothing.
    comparing() {
      const some = this.variants > 1;
      return { arms: some ? this.arms.map((arm) => ({ ...arm, prompt: arm.prompt.trim() })) : [], blind: some && this.blind };
    },
  },
  watch: {
    variants(count) { this.arms = count > 1 && this.differ ? armsFor(this.arms, count) : []; },
  },
  methods: {
    setDiffer(on) { this.arms = on ? armsFor([], this.variants) : []; },
  },
};
