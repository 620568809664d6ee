// 404.html stands for addresses of any depth, so its links have no fixed beginning: the folder of the
// site is the deepest one above this address that has the book's style sheet. (web/lost.py)
(async () => {
  "use strict";
  const [html, head] = [document.documentElement, document.head];
  const folders = location.pathname.split("/").slice(0, -1);

  // The book's script comes late, and waits for what has happened.
  const begin = () => document.dispatchEvent(new Event("DOMContentLoaded", {bubbles: true}));

  async function root() {
    for (let deep = folders.length; deep; deep--) {
      const folder = `${folders.slice(0, deep).join("/")}/`;
      const answer = await fetch(`${folder}_static/book.css`, {method: "HEAD"}).catch(() => ({}));
      if (answer.ok) return folder;
    }
    return "/";
  }

  const start = await root();
  html.dataset.content_root = start;
  if (document.readyState === "loading") await new Promise(done => addEventListener("DOMContentLoaded", done));
  for (const one of document.querySelectorAll("[data-lost]")) {
    const name = one.dataset.lost, value = start + one.getAttribute(`data-${name}`);
    if (one.localName !== "script") one.setAttribute(name, value);
    else head.append(Object.assign(document.createElement("script"), {src: value, onload: begin}));
  }
})();
