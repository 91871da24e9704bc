// Handing a story in: its bytes go to the server, which keeps them for this person, and the page is told where they are.

export const LARGEST_BYTES = 25000000;
export const ENDINGS = [".txt", ".md", ".docx"];

export function whyNotFile({ name, size }) {
  if (!ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))) return `“${name}” is none of ${ENDINGS.join(", ")}.`;
  if (size > LARGEST_BYTES) return `“${name}” is larger than ${LARGEST_BYTES / 1000000} MB.`;
  return size ? "" : `“${name}” is empty.`;
}

export function slugOf(title) {
  const plain = title.toLowerCase().replace(/ß/gu, "ss").replace(/ł/gu, "l").replace(/ø/gu, "o").normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.replace(/[^a-z0-9]+/gu, "-").replace(/^-|-$/gu, "").slice(0, 60).replace(/-$/u, "");
}

// Resolves with {upload}, or {message} that says why not.
export async function handIn(blob) {
  const base = document.body.dataset.baseUrl || "/";
  const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/u);
  try {
    const answer = await fetch(`${base}uploads`, {
      method: "POST", body: blob, headers: { "Content-Type": "application/octet-stream", "X-XSRFToken": token ? decodeURIComponent(token[1]) : "" },
    });
    if (answer.ok) return await answer.json();
    const told = await answer.json().catch(() => ({}));
    return { message: told.message || "The workbench did not take the file. Nothing was made; reload the page, then try again." };
  } catch {
    return { message: "The file did not arrive. Nothing was made; try again." };
  }
}
