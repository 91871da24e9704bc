// The frame around a page's widgets: removes the skeleton, says goodbye to the kernel, and tells the person when
// the page's engine, the session or the connection is gone. Also dispatches "director:reconnected" on window.
"use strict";
(() => {
  const body = document.body;
  const base = body.dataset.baseUrl;
  const kernel = body.dataset.kernel;
  const banner = document.getElementById("director-banner");
  const state = { gone: false, signedOut: false, offline: false, waiting: false };
  let socket = null;
  let retryMs = 500;
  let leaving = false;
  let offlineTimer = 0;

  const TEXTS = {
    gone: { text: "The page's engine stopped. Press Enter to resume; drafts are kept.", button: "Resume", id: "banner-gone" },
    signedOut: { text: "You are signed out. Your drafts are kept.", button: "Sign in again", id: "banner-signed-out" },
    waiting: { text: "The workbench is not there. The page resumes by itself as soon as it is; drafts are kept.", id: "banner-waiting" },
    offline: { text: "No connection to the workbench. It is tried again by itself; drafts are kept.", id: "banner-offline" },
  };

  function isEditable(element) {
    return element && (element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName));
  }

  // Reloading while nobody answers would lead to the browser's own error page, and nothing comes back from there.
  async function resume() {
    if (state.waiting) return;
    while (!await isThere()) {
      state.waiting = true;
      show();
      await new Promise((done) => setTimeout(done, 500));
    }
    leaving = true;
    if (state.signedOut) {
      location.assign(base + "login?next=" + encodeURIComponent(location.pathname + location.search));
    } else {
      location.reload();
    }
  }

  async function isThere() {
    try {
      await fetch(base + "session?kernel=" + encodeURIComponent(kernel), { cache: "no-store" });
      return true;
    } catch {
      return false;
    }
  }

  function show() {
    const kind = state.waiting ? "waiting" : state.signedOut ? "signedOut" : state.gone ? "gone" : state.offline ? "offline" : "";
    if (banner.dataset.kind === kind) return;
    banner.dataset.kind = kind;
    banner.replaceChildren();
    banner.hidden = !kind;
    if (!kind) return;
    const { text, button, id } = TEXTS[kind];
    banner.dataset.testid = id;
    const line = document.createElement("span");
    line.textContent = text;
    banner.append(line);
    if (!button) return;
    const press = document.createElement("button");
    press.type = "button";
    press.textContent = button;
    press.dataset.testid = "resume";
    press.addEventListener("click", resume);
    banner.append(press);
    if (!isEditable(document.activeElement)) press.focus();
  }

  function isStopped() {
    return state.gone || state.signedOut;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !isStopped() || isEditable(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    resume();
  }, true);

  async function ask() {
    // A refused websocket does not tell why; this does.
    try {
      const answer = await fetch(base + "session?kernel=" + encodeURIComponent(kernel), { cache: "no-store" });
      const facts = answer.ok ? await answer.json() : {};
      if (answer.status === 401) state.signedOut = true;
      if (facts.kernel === false) state.gone = true;
    } catch {
      // Still offline: the next try will tell.
    }
    show();
  }

  function connect() {
    const address = new URL(base + "events?kernel=" + encodeURIComponent(kernel), location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(address);
    socket.onopen = () => {
      clearTimeout(offlineTimer);
      retryMs = 500;
      if (state.offline) window.dispatchEvent(new Event("director:reconnected"));
      state.offline = false;
      show();
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.gone === kernel) state.gone = true;
      if (message.signed_out) state.signedOut = true;
      show();
    };
    socket.onclose = () => {
      if (leaving) return;
      clearTimeout(offlineTimer);
      // A blink of the connection is not worth a word.
      offlineTimer = setTimeout(() => { state.offline = true; show(); }, 1000);
      if (isStopped()) return;
      setTimeout(() => ask().then(() => { if (!isStopped()) connect(); }), retryMs);
      retryMs = Math.min(retryMs * 2, 5000);
    };
  }

  function sayGoodbye() {
    leaving = true;
    const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/);
    const form = new FormData();
    form.append("_xsrf", token ? decodeURIComponent(token[1]) : "");
    navigator.sendBeacon(base + "voila/api/shutdown/" + kernel, form);
  }

  // Voilà ends its connection on "beforeunload", which a mere download fires too. Leaving is told by "pagehide".
  const listen = window.addEventListener.bind(window);
  window.addEventListener = (kind, listener, ...rest) => {
    const isVoila = kind === "beforeunload" && String(listener).includes("voila/api/shutdown");
    if (!isVoila) listen(kind, listener, ...rest);
  };
  window.addEventListener("pagehide", sayGoodbye);
  // A page that comes back out of the browser's memory has no kernel any more.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const skeleton = document.getElementById("director-skeleton");
  const settled = '.dl-screen, [data-testid^="page-"], .director-error';
  function reveal() {
    if (skeleton.isConnected && document.querySelector(settled)) {
      skeleton.remove();
      watcher.disconnect();
    }
  }
  const watcher = new MutationObserver(reveal);
  watcher.observe(body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-testid"] });
  reveal();
  // A page without a screen of ours, such as a plain chart, must not stay hidden.
  window.addEventListener("load", () => setTimeout(() => skeleton.remove(), 15000));

  connect();
})();
