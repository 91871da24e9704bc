// Clocks inside the measured page: performance.now() counts from the navigation.
(() => {
  const wallMs = () => performance.timeOrigin + performance.now();
  const byTestId = (id, within = document) => [...within.querySelectorAll(`[data-testid="${id}"]`)];
  const onScreen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  };

  const isReady = () => {
    if (!document.querySelector('[data-testid^="page-"]')) return false;
    const cards = byTestId("segment-card").filter(onScreen);
    const pictures = cards.flatMap((card) => [...card.querySelectorAll("img")]).filter(onScreen);
    return pictures.length > 0 && pictures.every((picture) => picture.complete && picture.naturalWidth > 0);
  };
  const look = () => {
    if (isReady()) window.benchReadyMs = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // From the click in the rail until the other desk takes keys and shows its stills.
  window.benchMove = (checkpoint) => new Promise((resolve) => {
    const clickedMs = performance.now();
    const look = () => {
      const isThere = byTestId(`page-${checkpoint}`).length > 0 && isReady();
      if (isThere) resolve(performance.now() - clickedMs);
      else requestAnimationFrame(look);
    };
    byTestId(`rail-${checkpoint}`)[0].click();
    requestAnimationFrame(look);
  });

  window.benchApproval = () => new Promise((resolve) => {
    let pressedMs = null;
    let pressedAtMs = null;
    addEventListener("keydown", () => { pressedMs = performance.now(); pressedAtMs = wallMs(); }, { capture: true, once: true });
    const observer = new MutationObserver((changes) => {
      const card = changes.find((change) => (change.target.dataset.decision || "").startsWith("approved"));
      if (!card || pressedMs === null) return;
      observer.disconnect();
      resolve({ shownMs: performance.now() - pressedMs, pressedAtMs });
    });
    observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-decision"] });
  });

  window.benchProgress = (percent) => new Promise((resolve) => {
    const observer = new MutationObserver((changes) => {
      if (!changes.some((change) => Math.floor(Number(change.target.dataset.percent)) === percent)) return;
      observer.disconnect();
      resolve(wallMs());
    });
    observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-percent"] });
  });
})();
