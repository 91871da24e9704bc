// Copying text, also where the page is not served over TLS and the browser has no clipboard for it.

export async function copyText(text, near) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      console.warn("The browser's clipboard was not usable:", error.message);
    }
  }
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.style.position = "fixed";
  field.style.opacity = "0";
  near.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused && focused.focus) focused.focus();
  return copied;
}
