// Puts a screen's style sheet into the page, once however often the screen is shown.

export function putStyle(id, text) {
  const style = document.getElementById(id) || document.head.appendChild(document.createElement("style"));
  style.id = id;
  style.textContent = text;
}
