// HTML that Python made is a stranger's word: what the reader runs can write what it likes. book.clean
// returns a copy of what the views of lib are made of: text and tables, no address, no script, nothing
// that leaves its place.
(() => {
  "use strict";

  const ELEMENTS = new Set(["div", "p", "pre", "span", "code", "strong", "em", "b", "i", "br", "ul", "ol", "li",
    "table", "caption", "thead", "tbody", "tr", "th", "td"]);
  const WORDS = /^[\w .,%#-]*$/;
  const STYLES = new Set(["text-align", "vertical-align", "padding", "margin", "white-space", "overflow-x", "border",
    "border-collapse", "display", "width", "min-width", "height", "background", "color", "caption-side"]);
  const ATTRIBUTES = {
    "class": value => /^lib-[\w-]+$/.test(value),
    "scope": value => value === "col" || value === "row",
    "role": value => value === "region",
    "tabindex": value => value === "0",
    "aria-label": () => true,
    "aria-hidden": value => value === "true",
  };

  function dressed(from) {
    const made = document.createElement(from.localName);
    for (const {name, value} of from.attributes) if (ATTRIBUTES[name]?.(value)) made.setAttribute(name, value);
    for (const rule of (from.getAttribute("style") ?? "").split(";")) {
      const [name, value] = rule.split(":").map(part => part.trim());
      if (STYLES.has(name) && WORDS.test(value)) made.style.setProperty(name, value);
    }
    return made;
  }

  function copy(from, to) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
      else if (ELEMENTS.has(node.localName)) {
        const made = dressed(node);
        copy(node, made);
        to.append(made);
      }
    }
    return to;
  }

  book.clean = text => copy(new DOMParser().parseFromString(String(text), "text/html").body, document.createDocumentFragment());
})();
