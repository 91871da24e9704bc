// People named with an @ in a comment: offered while somebody types, and told apart in what was said.

const MOST_OFFERED = 6;

// The @ and what follows it up to the caret; null where nobody is being named.
export function tokenAt(text, caret) {
  const found = /(^|[^\w@.+-])@([\w.-]*)$/u.exec(text.slice(0, caret));
  return found ? { from: caret - found[2].length - 1, query: found[2].toLowerCase() } : null;
}

export function candidates(people, query) {
  const starts = ({ username, name }) => username.startsWith(query) || name.toLowerCase().split(/\s+/u).some((word) => word.startsWith(query));
  return people.filter(starts).slice(0, MOST_OFFERED);
}

export function withMention(text, token, caret, username) {
  const before = `${text.slice(0, token.from)}@${username} `;
  return { text: before + text.slice(caret).replace(/^ /u, ""), caret: before.length };
}

// A comment's text in pieces, those that name somebody marked.
export function piecesOf(text, mentions) {
  if (!mentions || !mentions.length) return [{ text, named: false }];
  const names = [...mentions].sort((one, other) => other.length - one.length).map((name) => name.replace(/[.*+?^${}()|[\]\\-]/gu, "\\$&"));
  const pattern = new RegExp(`(?<![\\w@.+-])(@(?:${names.join("|")}))(?![\\w-])`, "giu");
  return text.split(pattern).map((piece, n) => ({ text: piece, named: n % 2 === 1 })).filter((piece) => piece.text);
}

// What is said without who it is said to: for a prompt.
export function withoutMentions(text, mentions) {
  const rest = piecesOf(text, mentions).filter((piece) => !piece.named).map((piece) => piece.text).join("");
  return rest.replace(/[ \t]+/gu, " ").replace(/ ([.,;:!?])/gu, "$1").replace(/^[\s,;:]+|\s+$/gu, "");
}

// Comments as threads, oldest first, each with its answers.
export function threadsOf(comments) {
  const answers = (id) => comments.filter((one) => one.parent_id === id);
  return comments.filter((one) => !one.parent_id).map((first) => ({ ...first, answers: answers(first.id) }));
}

// How a thread stands to the version on the desk: said of this one, of the segment, from an earlier one, on a later one.
export function placeOf(thread, version) {
  if (!thread.version_number || !version || thread.version_number === version.number) return "";
  return `${thread.version_number < version.number ? "from" : "on"} v${thread.version_number}`;
}
