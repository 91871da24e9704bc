// Going to another page of the workbench in the page that is there, without loading everything again.

// The browser keeps something of every screen; after so many the page is loaded as a whole and forgets them.
const MOST_MOVES = 40;
const PATIENCE_MS = 3000;

const addressOf = (url) => url.pathname + url.search;

export const moving = {
  created() {
    this.cameTo = addressOf(window.location);
    this.onLink = (event) => this.followLink(event);
    this.onPast = () => { if (addressOf(window.location) !== this.cameTo) this.moveTo(window.location.href, true); };
  },
  mounted() {
    document.addEventListener("click", this.onLink);
    window.addEventListener("popstate", this.onPast);
  },
  unmounted() { this.stopListening(); },
  methods: {
    stopListening() {
      clearTimeout(this.moveTimer);
      document.removeEventListener("click", this.onLink);
      window.removeEventListener("popstate", this.onPast);
    },
    followLink(event) {
      const link = event.target.closest && event.target.closest("a[href]");
      if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (link.target || link.hasAttribute("download")) return;
      const to = new URL(link.href);
      if (to.origin !== window.location.origin || (to.hash && addressOf(to) === addressOf(window.location))) return;
      event.preventDefault();
      this.moveTo(to.href);
    },
    // The page says whether it is its own to show; without an answer the browser goes there by itself.
    moveTo(href, isPast = false) {
      const to = new URL(href, window.location.href);
      if (this.moveTimer || (window.dlMoves || 0) >= MOST_MOVES) { this.leaveFor(to.href); return; }
      this.goesTo = { href: to.href, isPast };
      this.moveTimer = setTimeout(() => this.leaveFor(to.href), PATIENCE_MS);
      this.open_page({ href: addressOf(to) });
    },
    leaveFor(href) {
      if (new URL(href).href === window.location.href) window.location.reload();
      else window.location.assign(href);
    },
    jupyter_moved({ is_here, title }) {
      if (!this.goesTo) return;
      const { href, isPast } = this.goesTo;
      this.goesTo = null;
      clearTimeout(this.moveTimer);
      if (!is_here) { this.leaveFor(href); return; }
      this.isLeft = true;
      this.stopListening();
      if (this.onLeave) this.onLeave();
      window.dlMoves = (window.dlMoves || 0) + 1;
      if (!isPast) window.history.pushState(null, "", href);
      document.title = title;
    },
  },
};
