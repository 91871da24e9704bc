// What the review desk costs the browser that shows it; runs after probes.js.
(() => {
  const cards = () => [...document.querySelectorAll('[data-testid="segment-card"]')];
  const frames = (n) => new Promise((resolve) => {
    const count = () => (n-- > 0 ? requestAnimationFrame(count) : resolve());
    count();
  });

  window.benchFrames = frames;
  window.benchCardNodes = () => cards().reduce((n, card) => n + 1 + card.querySelectorAll("*").length, 0);
  window.benchScroller = () => {
    let box = cards()[0].parentElement;
    while (box.scrollHeight <= box.clientHeight || !/auto|scroll/u.test(getComputedStyle(box).overflowY)) box = box.parentElement;
    return box;
  };

  // Instants of all frames until it is called again.
  let instants = null;
  window.benchRecordFrames = () => { instants = []; const note = (now) => { if (instants) { instants.push(now); requestAnimationFrame(note); } }; requestAnimationFrame(note); };
  window.benchFrameGaps = () => { const seen = instants; instants = null; return seen.slice(1).map((now, n) => now - seen[n]); };

  const dot = new Image();
  dot.src = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

  // How much later than a picture of one pixel the next still is decoded, once it is in its place. Both answers come with
  // the frame that is drawn then; what is decoded already comes with it, too.
  window.benchNextStill = () => new Promise((resolve) => {
    let pressedMs = null;
    addEventListener("keydown", () => { pressedMs = performance.now(); }, { capture: true, once: true });
    const before = document.querySelector('[data-testid="current-picture"]').src;
    const observer = new MutationObserver(async () => {
      const picture = document.querySelector('[data-testid="current-picture"]');
      if (!picture || picture.src === before || pressedMs === null) return;
      observer.disconnect();
      const wasLoaded = picture.complete && picture.naturalWidth > 0;
      const answered = (one) => one.decode().then(() => performance.now());
      const [dotMs, pictureMs] = await Promise.all([answered(dot), answered(picture)]);
      resolve({ wasLoaded, decodedMs: Math.max(0, pictureMs - dotMs) });
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
  });

  // When a card's verdict changes here, whoever gave it.
  window.benchVerdictSeen = () => new Promise((resolve) => {
    const observer = new MutationObserver(() => { observer.disconnect(); resolve(performance.timeOrigin + performance.now()); });
    observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-decision"] });
  });
})();
