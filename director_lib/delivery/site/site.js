// Turns the page into a film that is scrubbed by scrolling. Without this file, or when the reader asked that
// nothing moves, the page stays what its HTML is: pictures and texts, one below the other.
(() => {
  "use strict";

  const STRIDES = [16, 8, 4, 2, 1]; // coarse first: a fast reader sees every sixteenth frame at once
  const LOADING_AT_ONCE = 6;
  const KEPT_NEIGHBOURS = 2;
  const TRIES = 3;
  const MOST_PIXELS_ACROSS = 2560;

  const root = document.documentElement;
  const motion = matchMedia("(prefers-reduced-motion: reduce)");
  motion.addEventListener("change", () => location.reload());
  if (motion.matches || !document.createElement("canvas").getContext("2d")) return;
  root.classList.add("live");

  // "performance" for small screens, little memory, slow or metered connections; else "high".
  function chooseTier() {
    const connection = navigator.connection || {};
    const isSlow = connection.saveData || /^(slow-2g|2g|3g)$/.test(connection.effectiveType || "");
    const isSmall = Math.min(innerWidth, screen.width) <= 820 || (navigator.deviceMemory || 8) < 4;
    return isSlow || isSmall ? "performance" : "high";
  }

  class Segment {
    constructor(figure, tier) {
      const folder = tier === "high" ? "public/frames" : "public/frames-perf";
      this.path = `${folder}/segment_${figure.dataset.segment}/`;
      this.id = figure.dataset.segment;
      this.passage = figure.closest(".passage");
      this.alt = figure.querySelector("img").alt;
      this.count = Number(figure.dataset[tier]);
      this.top = 0;
      this.bottom = 0;
      this.forget();
    }

    forget() {
      this.ready = new Array(this.count);
      this.tries = new Array(this.count).fill(0);
      this.loading = new Set();
    }

    lacks(index) {
      return !this.ready[index] && !this.loading.has(index) && this.tries[index] < TRIES;
    }

    // The index of the loaded frame that is nearest; -1 when there is none.
    nearest(index) {
      for (let away = 0; away < this.count; away += 1) {
        if (this.ready[index - away]) return index - away;
        if (this.ready[index + away]) return index + away;
      }
      return -1;
    }

    async load(index) {
      const { ready, loading } = this; // of this round: what is loaded after forget() is dropped
      const image = new Image();
      loading.add(index);
      this.tries[index] += 1;
      image.src = `${this.path}${String(index + 1).padStart(4, "0")}.webp`;
      try {
        await image.decode();
        ready[index] = image;
      } catch {
        // the nearest frame stands in for one that cannot be loaded; it is tried again a few times
      } finally {
        loading.delete(index);
      }
    }
  }

  class Film {
    constructor(canvas, figures) {
      this.canvas = canvas;
      this.pen = canvas.getContext("2d", { alpha: false });
      this.tier = chooseTier();
      this.segments = figures.map((figure) => new Segment(figure, this.tier));
      this.place = 0; // of the current segment
      this.frame = 0;
      this.busy = 0;
      this.isDue = false;
      this.length = 1;
    }

    start() {
      root.dataset.tier = this.tier;
      addEventListener("scroll", () => this.due(), { passive: true });
      addEventListener("resize", () => this.fit());
      new ResizeObserver(() => this.fit()).observe(document.body);
      this.fit();
    }

    // Measures where each segment lies on the page, and gives the canvas the pixels that it is seen with.
    fit() {
      this.length = root.scrollHeight;
      const passages = [...new Set(this.segments.map((segment) => segment.passage))];
      const tops = passages.map((passage) => passage.getBoundingClientRect().top + scrollY);
      tops[0] = 0; // the opening belongs to the first picture, the closing to the last
      tops.push(this.length);
      passages.forEach((passage, index) => {
        const own = this.segments.filter((segment) => segment.passage === passage);
        const height = (tops[index + 1] - tops[index]) / own.length;
        own.forEach((segment, nth) => {
          segment.top = tops[index] + nth * height;
          segment.bottom = segment.top + height;
        });
      });
      const across = Math.min(this.canvas.clientWidth * (devicePixelRatio || 1), MOST_PIXELS_ACROSS);
      const width = Math.max(1, Math.round(across));
      const height = Math.max(1, Math.round((across * this.canvas.clientHeight) / (this.canvas.clientWidth || 1)));
      if (this.canvas.width !== width || this.canvas.height !== height) {
        this.canvas.width = width;
        this.canvas.height = height;
      }
      this.due();
    }

    due() {
      if (this.isDue) return;
      this.isDue = true;
      requestAnimationFrame(() => {
        this.isDue = false;
        this.look();
      });
    }

    // The frame is a function of the scroll position alone: the share of the page that was scrolled, as a line
    // down the page, lies in one segment, and its place there is the frame's place in the segment.
    look() {
      const room = this.length - innerHeight;
      const share = room > 0 ? Math.min(1, Math.max(0, scrollY / room)) : 0;
      const line = share * this.length;
      const found = this.segments.findIndex((segment) => line < segment.bottom);
      const place = found < 0 ? this.segments.length - 1 : found;
      const { top, bottom, count } = this.segments[place];
      this.frame = Math.max(0, Math.min(count - 1, Math.floor(((line - top) / (bottom - top)) * count)));
      if (place !== this.place) this.enter(place);
      this.draw();
      this.loadMore();
    }

    enter(place) {
      this.place = place;
      this.canvas.setAttribute("aria-label", this.segments[place].alt);
      this.segments.forEach((segment, other) => {
        if (Math.abs(other - place) > KEPT_NEIGHBOURS && segment.tries.some(Boolean)) segment.forget();
      });
    }

    draw() {
      const segment = this.segments[this.place];
      this.canvas.dataset.wanted = `${segment.id}:${this.frame + 1}`;
      const shown = segment.nearest(this.frame);
      if (shown < 0) return; // the frame before stays until the first one of this segment is there
      const image = segment.ready[shown];
      const { width, height } = this.canvas;
      const scale = Math.max(width / image.naturalWidth, height / image.naturalHeight);
      const [wide, high] = [image.naturalWidth * scale, image.naturalHeight * scale];
      this.pen.drawImage(image, (width - wide) / 2, (height - high) / 2, wide, high);
      this.canvas.dataset.shown = `${segment.id}:${shown + 1}`;
    }

    // What to load next: the wanted frame, the rest of its segment, then the neighbours', coarse to fine.
    next() {
      const current = this.segments[this.place];
      if (current.lacks(this.frame)) return [current, this.frame];
      for (const away of [0, 1, -1]) {
        const segment = this.segments[this.place + away];
        if (!segment) continue;
        for (const stride of STRIDES) {
          for (let index = 0; index < segment.count; index += stride) {
            if (segment.lacks(index)) return [segment, index];
          }
        }
      }
      return null;
    }

    loadMore() {
      while (this.busy < LOADING_AT_ONCE) {
        const found = this.next();
        if (!found) return;
        this.busy += 1;
        found[0].load(found[1]).then(() => {
          this.busy -= 1;
          this.due();
        });
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const figures = [...document.querySelectorAll(".still")];
    if (figures.length) new Film(document.getElementById("film"), figures).start();
    else root.classList.remove("live");
  });
})();
