// Code cells: Run and Edit below each, and for an exercise a field from the start. What the buttons do
// comes with the first click (run/runner.js). Kept in this browser, by page and cell, as predictions
// are: under "code" what a reader wrote, [print of the book's code, own code], and under "exercises"
// which are solved, {"exercise-row": its title}. Nothing is sent anywhere.
(() => {
  "use strict";
  const top = new URL("../../", book.root).href;
  const page = decodeURI(location.href.replace(/[?#].*/, "").slice(top.length)).replace(/\.html$/, "");

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key))?.[page] ?? {}; } catch { return {}; }
  }

  // FNV-1a: enough to see that the book's code is another one than a reader has changed.
  function print(text) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x1000193);
    return (hash >>> 0).toString(36);
  }

  const listing = cell => cell.querySelector(".cell_input > [class*=highlight-]");
  const original = cell => listing(cell).querySelector("pre").textContent.replace(/\n$/, "");

  const first = cell => original(cell).split("\n").map(line => line.trim().replace(/\s+/g, " "))
    .find(line => line && !line.startsWith("#")) ?? "";

  // What an exercise is called, for the list on the first page.
  function title(cell) {
    const made = cell.closest("section.exercise")?.querySelector("h3").cloneNode(true);
    for (const one of made?.querySelectorAll(".katex-html, annotation, .headerlink, .stars, .beyond-mark") ?? []) one.remove();
    return made?.textContent.replace(/\s+/g, " ").replace(/^ ?Exercise: /, "").trim() || first(cell);
  }

  // What a cell is called: its exercise, or the first line of the book's code; no two have one name.
  const TASKS = {try: "answer to", check: "check of", solution: "solution of"};
  const names = new Map();
  function spoken(cell) {
    if (!names.has(cell)) {
      const task = TASKS[cell.id.split("-", 1)[0]], words = task ? title(cell) : first(cell);
      const name = `${task ?? "cell"} “${words.length > 60 ? `${words.slice(0, 58)}…` : words}”`;
      const same = [...names.values()].filter(one => one === name || one.startsWith(`${name}, number `)).length;
      names.set(cell, same ? `${name}, number ${same + 1}` : name);
    }
    return names.get(cell);
  }

  function button(text, cell) {
    const made = Object.assign(document.createElement("button"), {type: "button", textContent: text});
    made.dataset.act = text.toLowerCase().replaceAll(" ", "-");
    made.setAttribute("aria-label", `${text}: ${spoken(cell)}`);
    return made;
  }

  // A field with code in place of the listing; the same one if it is open.
  function open(cell, code) {
    const made = Object.assign(document.createElement("textarea"), {
      className: "run-code", value: code, rows: code.split("\n").length, spellcheck: false, autocapitalize: "off"});
    made.setAttribute("aria-label", `Code: ${spoken(cell)}`);
    listing(cell).before(made);
    listing(cell).hidden = true;
    return made;
  }

  function say(cell, words) {
    let said = cell.querySelector(".run-said");
    if (!said) {
      said = Object.assign(document.createElement("p"), {className: "run-said"});
      (cell.querySelector(".run-hint") ?? cell.querySelector(".cell_input")).after(said);
    }
    said.textContent = words;
  }

  function act(what, cell) {
    book.part("runner.js").then(() => book.runner(what, cell)).catch(error => say(cell, error.message));
  }

  function setUp(cell) {
    const bar = Object.assign(document.createElement("div"), {className: "run-bar"});
    const code = original(cell), known = kept[cell.id], task = cell.id.startsWith("try-");
    const [of, own] = Array.isArray(known) && typeof known[1] === "string" ? known : [];
    const mine = of === print(code) && own !== code;
    bar.append(...task ? ["Check", "Run"].map(text => button(text, cell)) : [button("Run", cell)]);
    if (mine || task) open(cell, mine ? own : code);
    else bar.append(button("Edit", cell));
    if (mine) bar.append(button("Reset", cell));
    if (of && of !== print(code)) bar.append(button("Your earlier code", cell));
    if (task) {
      const done = Object.assign(document.createElement("span"), {className: "run-done", textContent: "✓ solved"});
      done.hidden = !solved[cell.id.replace("try", "exercise")];
      bar.append(done);
    }
    cell.classList.toggle("is-own", mine);
    cell.querySelector(".cell_input").append(bar);
  }

  const kept = read("code"), solved = read("exercises");
  const cells = [...document.querySelectorAll("div.cell[id]")].filter(listing);
  cells.forEach(spoken);  // in the page's order
  cells.forEach(setUp);
  document.addEventListener("click", ({target}) => {
    const pressed = target.closest(".run-bar > button");
    if (pressed) act(pressed.dataset.act, pressed.closest(".cell"));
  });
  // The editor takes the place of a field when the caret is set, not before: that would lose the focus.
  for (const kind of ["click", "input"]) {
    document.addEventListener(kind, ({target}) => {
      if (target.matches("textarea.run-code")) act("edit", target.closest(".cell"));
    });
  }
  document.addEventListener("keydown", event => {
    if (!(event.target.matches("textarea.run-code") && event.key === "Enter" && event.shiftKey)) return;
    event.preventDefault();
    act("run", event.target.closest(".cell"));
  });
  book.cells = {act, all: cells, button, listing, open, original, page, print, read, say, spoken, title};
})();
