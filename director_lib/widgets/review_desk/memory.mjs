// What survives a reload: the address, this tab's panels, and text that was not sent.

const DRAFT = "dl-draft";

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

export function readPanels(store, key) {
  return attempt(() => JSON.parse(store.getItem(`dl-panels:${key}`) || "{}"), {});
}

export function writePanels(store, key, panels) {
  attempt(() => store.setItem(`dl-panels:${key}`, JSON.stringify(panels)), null);
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

// The newest unsent text for each prompt that still says something else than the prompt does.
export function draftsToOffer(local, remote, cards) {
  const newest = new Map();
  for (const draft of [...remote, ...local]) {
    const key = `${draft.segment_id}|${draft.field}`;
    const known = newest.get(key);
    if (!known || Date.parse(draft.saved_at) >= Date.parse(known.saved_at)) newest.set(key, draft);
  }
  const texts = new Map(cards.map((card) => [card.segment_id, card]));
  return [...newest.values()].filter((draft) => {
    const card = texts.get(draft.segment_id);
    return card && typeof draft.text === "string" && draft.text !== card[draft.field];
  });
}
