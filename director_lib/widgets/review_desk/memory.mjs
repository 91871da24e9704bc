// What survives a reload: the address, this tab's panels, and text that was not sent.

const DRAFT = "dl-draft";
const TOLD_LATE_MS = 60000;

export function readAddress(search) {
  const query = new URLSearchParams(search);
  const number = (name) => (/^\d+$/u.test(query.get(name) || "") ? Number(query.get(name)) : null);
  return { segment: number("segment"), version: number("version"), filter: query.get("filter") || "all" };
}

export function addressWith(href, { segment, version, filter }) {
  const url = new URL(href);
  const put = (name, value) => (value ? url.searchParams.set(name, String(value)) : url.searchParams.delete(name));
  put("segment", segment);
  put("version", version);
  put("filter", filter === "all" ? null : filter);
  return url.toString();
}

// A store may be full or forbidden; the desk works on without it.
function attempt(action, otherwise) {
  try {
    return action();
  } catch (error) {
    console.warn("The browser keeps nothing for this page:", error.message);
    return otherwise;
  }
}

// What a person set once and wants again; the rest is where they were.
const TASTES = ["size", "strip", "history", "around", "drawings"];
const NOT_ELSEWHERE = ["sheet"];

function readKept(store, key) {
  return attempt(() => JSON.parse(store.getItem(`dl-panels:${key}`) || "null"), null);
}

// This tab's panels; in a new tab those of the last one: all of them when it ended without closing, after a crash, else
// only what is a matter of taste.
export function readPanels(tab, browser, key) {
  const own = readKept(tab, key);
  if (own) return own;
  const last = readKept(browser, key) || {};
  const taken = ([name]) => !NOT_ELSEWHERE.includes(name) && (last.open || TASTES.includes(name));
  return Object.fromEntries(Object.entries(last).filter(taken));
}

export function writePanels(tab, browser, key, panels) {
  attempt(() => tab.setItem(`dl-panels:${key}`, JSON.stringify(panels)), null);
  if (browser) attempt(() => browser.setItem(`dl-panels:${key}`, JSON.stringify({ ...panels, open: true })), null);
}

export function closePanels(browser, key) {
  const last = readKept(browser, key);
  if (last) attempt(() => browser.setItem(`dl-panels:${key}`, JSON.stringify({ ...last, open: false })), null);
}

// A comment or a note, unlike a prompt's draft, was written over nothing.
export function isRemark(draft) {
  return /^(comment|note|changes)_/u.test(draft.field);
}

const draftKey = (stream, segment, field) => [DRAFT, stream, segment, field].join("|");

export function writeDraft(store, stream, { segment_id, field, text, base_text }) {
  const saved_at = new Date().toISOString();
  attempt(() => store.setItem(draftKey(stream, segment_id, field), JSON.stringify({ segment_id, field, text, base_text, saved_at })), null);
}

export function removeDraft(store, stream, { segment_id, field }) {
  attempt(() => store.removeItem(draftKey(stream, segment_id, field)), null);
}

export function readDrafts(store, stream) {
  return attempt(() => Object.keys(store)
    .filter((key) => key.startsWith(`${DRAFT}|${stream}|`))
    .map((key) => JSON.parse(store.getItem(key))), []);
}

// What this browser kept or what the page did: the browser's, unless the page's is clearly newer. The page says when it was
// told, which on a busy machine is after the words that were typed next; and clocks differ.
export function newerDraft(here, there) {
  if (!here || !there) return here || there || null;
  return Date.parse(there.saved_at) - Date.parse(here.saved_at) > TOLD_LATE_MS ? there : here;
}

// The newest unsent text for each prompt that still says something else than the prompt does.
export function draftsToOffer(local, remote, cards) {
  const newest = new Map();
  const keyOf = (draft) => `${draft.segment_id}|${draft.field}`;
  for (const draft of remote) {
    const known = newest.get(keyOf(draft));
    if (!known || Date.parse(draft.saved_at) >= Date.parse(known.saved_at)) newest.set(keyOf(draft), draft);
  }
  for (const draft of local) newest.set(keyOf(draft), newerDraft(draft, newest.get(keyOf(draft))));
  const texts = new Map(cards.map((card) => [card.segment_id, card]));
  return [...newest.values()].filter((draft) => {
    if (isRemark(draft)) return false;
    const card = texts.get(draft.segment_id);
    return card && typeof draft.text === "string" && draft.text !== card[draft.field];
  });
}
