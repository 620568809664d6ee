// HTML that Python made is a stranger's word: what the reader runs can write what it likes. book.clean
// returns a copy of what the views of lib are made of: text and tables, no address, no script, nothing
// that leaves its place. book.clean.picture does the same with the SVG of a moving figure, whose parts
// may refer to one another, by ids that begin with "run-".
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const WORDS = /^(?!.*-[\d.])[\w .,%#-]*$/;  // nothing negative
  const INK = /^var\(--lib-explore-\w+,#[\da-f]{3,6}\)$/;
  const NUMBERS = /^(?!.*url)[\w\s.,()-]*$/i;
  const PNG = /^data:image\/png;base64,[\w+/=\s]+$/;
  const own = value => /^(#run-[\w-]+|url\(#run-[\w-]+\))$/.test(value);

  const TEXT = {
    make: name => document.createElement(name),
    space: "http://www.w3.org/1999/xhtml",
    elements: new Set(["div", "p", "pre", "span", "code", "strong", "em", "b", "i", "br", "ul", "ol", "li", "table",
      "caption", "thead", "tbody", "tr", "th", "td"]),
    styles: new Set(["text-align", "vertical-align", "padding", "margin", "white-space", "overflow-x", "border",
      "border-collapse", "display", "width", "min-width", "height", "background", "color", "caption-side"]),
    attributes: {
      "class": value => /^lib-[\w-]+$/.test(value),
      "scope": value => value === "col" || value === "row",
      "role": value => value === "region",
      "tabindex": value => value === "0",
      "aria-label": () => true,
      "aria-hidden": value => value === "true",
    },
  };

  const plain = value => NUMBERS.test(value);
  const PICTURE = {
    make: name => document.createElementNS(SVG, name),
    space: SVG,
    elements: new Set(["svg", "g", "defs", "use", "path", "rect", "circle", "line", "clipPath", "image"]),
    styles: new Set(["fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
      "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "max-width",
      "image-rendering"]),
    attributes: {
      ...Object.fromEntries(["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "viewBox",
        "transform", "fill", "stroke", "clip-rule", "preserveAspectRatio"].map(name => [name, plain])),
      "id": value => /^run-[\w-]+$/.test(value),
      "href": value => own(value) || PNG.test(value),
      "clip-path": own,
      "aria-hidden": value => value === "true",
    },
  };

  function dressed(from, {make, styles, attributes}) {
    const made = make(from.localName);
    for (const {name, value} of from.attributes) if (attributes[name]?.(value)) made.setAttribute(name, value);
    for (const rule of (from.getAttribute("style") ?? "").split(";")) {
      const [name, value] = rule.split(":").map(part => part.trim());
      if (styles.has(name) && (WORDS.test(value) || INK.test(value))) made.style.setProperty(name, value);
    }
    return made;
  }

  function copy(from, to, rules) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
      else if (node.namespaceURI === rules.space && rules.elements.has(node.localName)) {
        const made = dressed(node, rules);
        copy(node, made, rules);
        to.append(made);
      }
    }
    return to;
  }

  const cleaned = rules => text => copy(new DOMParser().parseFromString(String(text), "text/html").body,
    document.createDocumentFragment(), rules);
  book.clean = cleaned(TEXT);
  book.clean.picture = cleaned(PICTURE);
})();
