// The field and its results: a combobox with a list of links, in groups, best first.
(global => {
  "use strict";
  const {index, make} = global.finder, {terms} = global.finderWords;

  const GROUPS = {symptom: "Symptoms", term: "Terms", law: "Laws", section: "Chapters and sections", exercise: "Exercises",
    question: "Questions", exhibit: "Museum", belief: "What people believe"};
  const SHORT = 4, LONG = 25;  // results of a group, in the dialog and on the search page
  const PAUSE = 400;           // milliseconds before the number of results is said
  const EXAMPLES = "Type what you see, a term, a name or a number: loss nan, jitter, np.mean, 16777217.";
  const WORD = /[\p{L}\d]+(?:[-_.'’][\p{L}\d]+)*/gu;
  const root = () => document.documentElement.dataset.content_root;

  let book, ready = false, fields = 0;

  function element(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  // A text whose found words stand out.
  function marked(text, hits) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(WORD)) {
      if (!terms(match[0]).some(word => hits.has(word))) continue;
      parts.push(text.slice(end, match.index), element("b", {}, match[0]));
      end = match.index + match[0].length;
    }
    return [...parts, text.slice(end)];
  }

  const href = ({page, anchor}) => `${root()}${page}.html${anchor && "#" + encodeURIComponent(anchor)}`;

  function option(result, id) {
    const hits = new Set(result.hits), line = element("span", {class: "finder-title"}, ...marked(result.title, hits));
    const made = element("a", {role: "option", id, tabindex: "-1", "aria-selected": "false", href: href(result)}, line);
    if (result.where && result.where !== result.title) made.append(" ", element("span", {class: "finder-where"}, result.where));
    if (result.text) made.append(element("span", {class: "finder-text"}, ...marked(result.text, hits)));
    return made;
  }

  function attach(form) {
    if (form.dataset.finder) return;
    const name = form.dataset.finder = `finder-${++fields}`;
    const input = form.querySelector("input"), dialog = form.closest("dialog"), most = dialog ? SHORT : LONG;
    const said = element("p", {class: "finder-said", role: "status"});
    const list = element("div", {id: name, role: "listbox", class: "finder-list", "aria-label": "Results", "aria-busy": "true"});
    let active, asked, timer;

    form.setAttribute("role", "search");
    for (const [key, value] of Object.entries({role: "combobox", "aria-controls": name, "aria-autocomplete": "list"})) {
      input.setAttribute(key, value);
    }
    form.after(element("div", {class: "finder"}, said, list));

    const options = () => [...list.querySelectorAll("[role=option]")];

    function choose(one) {
      active?.setAttribute("aria-selected", "false");
      active = one;
      active?.setAttribute("aria-selected", "true");
      active?.scrollIntoView({block: "nearest"});
      input.setAttribute("aria-activedescendant", active?.id ?? "");
    }

    function group([kind, results]) {
      const id = `${name}-${kind}`, rest = results.length - most;
      const head = element("div", {id, class: "finder-kind", role: "presentation"}, GROUPS[kind]);
      if (rest > 0) head.append(element("span", {}, ` ${most} of ${results.length}`));
      return element("div", {role: "group", "aria-labelledby": id}, head,
        ...results.slice(0, most).map((one, at) => option(one, `${id}-${at}`)));
    }

    function say(text, now) {
      clearTimeout(timer);
      timer = setTimeout(() => { said.textContent = text; }, now ? 0 : PAUSE);
    }

    function show() {
      const typed = input.value.trim(), groups = new Map();
      const results = typed && ready ? book.find(typed) : [];
      for (const one of results) groups.set(one.kind, [...groups.get(one.kind) ?? [], one]);
      list.replaceChildren(...[...groups].map(group));
      if (dialog && [...groups.values()].some(one => one.length > most)) {
        list.append(element("a", {role: "option", id: `${name}-all`, class: "finder-all", tabindex: "-1", "aria-selected": "false",
          href: `${form.action}?q=${encodeURIComponent(typed)}`}, `All ${results.length} results`));
      }
      list.hidden = !results.length;
      list.scrollTop = 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      choose(options()[0]);
      if (!typed) say(EXAMPLES, true);
      else if (!ready) say("The index is read …", true);
      else if (results.length) say(`${results.length} ${results.length === 1 ? "result" : "results"}`);
      else nothing(typed);
    }

    function nothing(typed) {
      const link = (page, words) => element("a", {href: `${root()}chapters/${page}.html`}, words);
      clearTimeout(timer);
      said.replaceChildren(`Nothing in the book has “${typed}”. Try one word of it, or look through the `,
        link("symptoms", "symptoms"), ", the ", link("glossary", "glossary"), " and ", link("left_out", "what the course leaves out"), ".");
    }

    input.addEventListener("input", () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(show);
      if (!dialog) remember(input.value);
    });
    input.addEventListener("keydown", event => {
      const all = options(), step = {ArrowDown: 1, ArrowUp: -1}[event.key];
      if (!step || !all.length || event.isComposing) return;
      event.preventDefault();
      choose(all[(all.indexOf(active) + step + all.length) % all.length]);
    });
    form.addEventListener("submit", event => {
      event.preventDefault();
      active?.click();
    });
    list.addEventListener("click", event => { if (event.target.closest("a")) dialog?.close(); });
    input.addEventListener("focus", () => input.select());
    if (!dialog) input.value = new URLSearchParams(location.search).get("q") ?? "";
    show();
    book ??= make(index(), true);
    book.ready.then(() => {
      ready = true;
      list.removeAttribute("aria-busy");
      if (input.value.trim()) show();
    });
  }

  // The address of the search page has what is looked for, where the browser lets it (not for a file).
  function remember(typed) {
    try { history.replaceState(null, "", typed ? `?q=${encodeURIComponent(typed)}` : location.pathname); } catch {}
  }

  global.finder.attach = attach;
})(globalThis);
