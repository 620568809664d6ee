// Make a page of the book fit for paper. Ids begin with the page's own, so that pages can be bound into one
// file; a link to another page of the file leads to `/book#PAGE--ID`, which tools/binding.py resolves.
async ({page, pages}) => {
  const DROPPED = `script, button, .headerlink, .copybtn, .term-note, .filter, .figure-data, .chapter-end,
    .prediction-tools, .prediction-sure, .prediction-number, .prediction-switch, .prediction-sum, .begin-said,
    .step-check .cell_output, .ledger details, link, style`;
  const POINTING = ["href", "for", "aria-labelledby", "aria-describedby", "aria-controls"];
  const SHORT = 14;  // lines of code that stay on one sheet
  const home = new URL(`/${page.name}.html`, location).href;
  const ids = new Map(pages.map(({name, id}) => [name, id]));

  const make = (name, options = {}, ...children) => {
    const made = Object.assign(document.createElement(name), options);
    made.append(...children);
    return made;
  };
  const place = (id, page) => id ? `${page}--${id}` : page;

  // Where an address leads in the bound book; what is no page of it stays an address.
  function lead(link) {
    const address = link.getAttribute("href");
    if (address.startsWith("#")) return link.setAttribute("href", `#${place(address.slice(1), page.id)}`);
    const url = new URL(address, home);
    const id = url.origin === location.origin && ids.get(url.pathname.replace(/^\/|\.html$/g, ""));
    if (id) link.setAttribute("href", `${id === page.id ? "" : "/book"}#${place(url.hash.slice(1), id)}`);
    else if (url.origin === location.origin) link.removeAttribute("href");  // a file of the site
  }

  // Ids and what names them.
  function rename(article) {
    for (const one of article.querySelectorAll("[id]")) one.id = place(one.id, page.id);
    article.querySelectorAll("a[href]").forEach(lead);
    for (const one of article.querySelectorAll(POINTING.map(name => `[${name}]`).join()))
      for (const name of POINTING) {
        const text = one.localName !== "a" && one.getAttribute(name);
        if (!text || (name === "href" && !text.startsWith("#"))) continue;
        one.setAttribute(name, text.replace(/(#?)(\S+)/g, (_, hash, id) => hash + place(id, page.id)));
      }
    for (const one of article.querySelectorAll("svg *"))
      for (const {name, value} of [...one.attributes])
        if (value.includes("url(#")) one.setAttribute(name, value.replaceAll("url(#", `url(#${page.id}--`));
    for (const image of article.querySelectorAll("img")) {
      image.src = new URL(image.getAttribute("src"), home).href;
      image.loading = "eager";
    }
  }

  // Imports, helpers and the code of figures, which few unfold on the screen, are left to the page.
  function leaveOut(article) {
    for (const fold of article.querySelectorAll(".cell:not(.step-claim, .step-check, .step-solution) > details.hide")) {
      const cell = fold.parentElement;
      fold.remove();
      if (!cell.childElementCount) cell.replaceChildren();
    }
  }

  // What is folded on the screen lies open, under its title.
  function unfold(article) {
    for (const fold of [...article.querySelectorAll("details")].reverse()) {
      const summary = fold.querySelector(":scope > summary");
      const words = summary?.querySelector(".collapsed") ?? summary;
      const open = make("div", {className: "fold"});
      open.append(make("p", {className: "fold-title"}, ...(words ? words.childNodes : [])));
      summary?.remove();
      open.append(...fold.childNodes);
      fold.replaceWith(open);
    }
  }

  // Hints, solutions and answers go to the end of the chapter: nobody reads them by accident.
  function collect(article) {
    const end = make("section", {className: "solutions"});
    for (const task of article.querySelectorAll("section.exercise, section.question")) {
      const parts = [...task.querySelectorAll(":scope > .fold, :scope > .step-solution")];
      if (!parts.length) continue;
      const name = task.querySelector("h3").cloneNode(true);
      const id = `${task.id}--solution`;
      const what = task.matches(".exercise") ? "Hints and a solution" : "An answer";
      task.append(make("p", {className: "solution-line"}, make("a", {href: `#${id}`}, what),
        " at the end of this chapter."));
      const back = make("a", {href: `#${task.id}`});
      back.append(...name.childNodes);
      end.append(make("section", {id}, make("h3", {}, back), ...parts));
    }
    if (!end.childElementCount) return;
    end.id = place("solutions", page.id);
    end.prepend(make("h2", {}, "Hints, solutions and answers"));
    article.append(end);
  }

  // A formula is read aloud as the TeX that it was written in: what is drawn are letters here and there.
  // A picture has a name of its own; the figure around it, with a caption, needs none.
  function name(article) {
    for (const figure of article.querySelectorAll("figure")) figure.setAttribute("role", "group");
    for (const formula of article.querySelectorAll(".katex")) {
      formula.setAttribute("aria-label", formula.querySelector("annotation").textContent);
      formula.setAttribute("role", "img");
      formula.querySelector(".katex-mathml").remove();
      formula.querySelector(".katex-html").removeAttribute("aria-hidden");
    }
  }

  // The mark of a note stays with its word.
  function hold(article) {
    for (const {previousSibling: before} of article.querySelectorAll(".footnote-reference"))
      if (before?.nodeType === Node.TEXT_NODE) before.data = before.data.replace(/\s+$/, "\u00a0");
  }

  // Colours of code without an element for each word, of which every one would be a tag in the file.
  function colour() {
    const colours = new Map(), sheet = document.head.appendChild(make("style"));
    for (const line of document.querySelectorAll("pre > .ln, pre:not(:has(> .ln))")) {
      const words = [];
      for (const span of line.querySelectorAll("span")) {
        if (!colours.has(span.className)) colours.set(span.className, getComputedStyle(span).color);
        if (!span.childElementCount) words.push([span.firstChild, span.className]);
      }
      const text = document.createTextNode(line.textContent);
      const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), starts = new Map();
      for (let at = 0; walk.nextNode(); at += walk.currentNode.length) starts.set(walk.currentNode, at);
      line.replaceChildren(text);
      for (const [word, kind] of words) {
        if (!word) continue;
        const start = starts.get(word), end = start + word.length;
        const key = `c${colours.get(kind).replace(/\D+/g, "-")}`;
        if (!CSS.highlights.has(key)) {
          CSS.highlights.set(key, new Highlight());
          sheet.append(`::highlight(${key}) { color: ${colours.get(kind)} }`);
        }
        CSS.highlights.get(key).add(new StaticRange({startContainer: text, startOffset: start,
          endContainer: text, endOffset: end}));
      }
    }
  }

  // Chromium notes where in the file an id stands if a link leads there; others lead there from other pages.
  function mark(box) {
    const marks = make("nav", {hidden: true});
    for (const {id} of box.querySelectorAll("[id]:not(svg *)")) marks.append(make("a", {href: `#${id}`}));
    marks.append(make("a", {href: `#${box.id}`}));
    return marks;
  }

  const text = await (await fetch(home)).text();
  const article = document.adoptNode(new DOMParser().parseFromString(text, "text/html")
    .querySelector("article.bd-article"));
  for (const one of article.querySelectorAll(DROPPED)) one.remove();
  for (const wide of article.querySelectorAll("[tabindex]")) wide.removeAttribute("tabindex");
  for (const code of article.querySelectorAll("pre"))
    code.classList.toggle("short", code.textContent.split("\n").length <= SHORT);
  rename(article);
  name(article);
  hold(article);
  leaveOut(article);
  unfold(article);
  collect(article);
  const box = make("section", {className: "bd-article", id: page.id});
  box.append(...article.childNodes);
  document.querySelector("main").append(box);
  colour();
  const title = box.querySelector("h1").textContent.trim();
  const set = text => `{ content: ${JSON.stringify(text)}; font: 9pt/1 system-ui, sans-serif; color: #444; }`;
  document.head.append(make("style", {}, `@page { @top-left ${set(page.part)} @top-right ${set(title)} }`));
  const sections = [...box.querySelectorAll("h2")].filter(({parentElement}) => parentElement.id);
  document.body.append(mark(box));
  return [{level: 1, id: page.id, text: title, part: page.part},
    ...sections.map(h2 => ({level: 2, id: h2.parentElement.id, text: h2.textContent.trim()}))];
}
