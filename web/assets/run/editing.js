// The reader's own code: a field in place of a listing, CodeMirror when it has come, and what is kept.
(() => {
  "use strict";
  const {button, listing, open: openField, page, print, spoken} = book.cells;
  const LATER = 400;  // milliseconds from the last key to keeping
  const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
  const KEYS = `Shift+Enter runs. Tab indents; to leave, Esc and then Tab, or switch it off with ${MAC ? "Shift+Option+M" : "Ctrl+M"}.`;
  const {cells, tell} = book.runner;

  // --- Kept in this browser -------------------------------------------------------------------

  function keep(key, name, value) {
    let all;
    try { all = JSON.parse(localStorage.getItem(key)) ?? {}; } catch { all = {}; }
    const own = {...all[page], [name]: value};
    if (value === undefined) delete own[name];
    all[page] = own;
    if (!Object.keys(own).length) delete all[page];
    try {
      if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
      else localStorage.removeItem(key);
    } catch {}  // a browser may refuse its storage: then nothing outlasts the page
  }

  const waiting = new Map();

  function save(cell) {
    clearTimeout(waiting.get(cell));
    waiting.delete(cell);
    keep("code", cell.id, cell.isOwn ? [print(cell.original), cell.source] : undefined);
  }

  addEventListener("pagehide", () => [...waiting.keys()].forEach(save));

  function changed(cell) {
    clearTimeout(waiting.get(cell));
    waiting.set(cell, setTimeout(() => {
      save(cell);
      refresh();
    }, LATER));
    mark(cell);
  }

  // --- Buttons --------------------------------------------------------------------------------

  const resettable = cell => cell.isOwn || cell.shown !== null && cell.shown !== undefined
    || (cell.field && cell.step !== "try");

  function toggle(cell, text, on) {
    const act = text.toLowerCase().replaceAll(" ", "-"), there = cell.button(act);
    if (on && !there) {
      const made = button(text, cell.root);
      if (act === "reset-all") made.setAttribute("aria-label", "Reset all cells of this page");
      (cell.button("reset") ?? cell.button("edit") ?? cell.button("run") ?? cell.button("stop")).after(made);
    } else if (!on) there?.remove();
  }

  function mark(cell) {
    cell.root.classList.toggle("is-own", cell.isOwn);
    toggle(cell, "Reset", resettable(cell));
  }

  function refresh() {
    const several = cells.filter(resettable);
    for (const cell of cells) {
      mark(cell);
      toggle(cell, "Reset all", several.length > 1 && several.includes(cell));
    }
    book.outputs.age(cells);
  }

  // --- Editing --------------------------------------------------------------------------------

  function hint(cell, words) {
    let said = cell.root.querySelector(".run-hint");
    if (!said) {
      said = Object.assign(document.createElement("p"), {className: "run-hint", id: `run-hint-${cell.id}`});
      cell.root.querySelector(".cell_input").after(said);
    }
    said.textContent = words;
    return said.id;
  }

  // Put CodeMirror where the field is, with the same text, the same selection and the focus.
  function exchange(cell, area) {
    const focused = document.activeElement === area, chosen = [area.selectionStart, area.selectionEnd];
    const editor = book.editor(area.value, {label: `Code: ${spoken(cell.root)}`, hint: hint(cell, KEYS),
      change: () => changed(cell), run: () => book.cells.act("run", cell.root)});
    editor.element.addEventListener("keydown", event => event.stopPropagation());  // "/" is no search here
    area.replaceWith(editor.element);
    cell.editor = editor;
    if (focused) editor.focus(...chosen);
  }

  async function open(cell) {
    if (!cell.field) openField(cell.root, cell.original).focus();
    const area = cell.field;
    if (cell.editor || area.dataset.asked) return;
    area.dataset.asked = "yes";
    cell.button("edit")?.remove();
    refresh();
    area.addEventListener("input", () => changed(cell));
    if (cell.isOwn) changed(cell);  // typed before this script had come
    try {
      await book.part("editor.js");
    } catch {
      area.setAttribute("aria-describedby", hint(cell, "Shift+Enter runs. (The editor with colours could not be loaded.)"));
      return;
    }
    if (area.composing) await new Promise(done => area.addEventListener("compositionend", done, {once: true}));
    if (area.isConnected) exchange(cell, area);
  }

  for (const [kind, on] of [["compositionstart", true], ["compositionend", false]]) {
    addEventListener(kind, ({target}) => { if (target.matches?.("textarea.run-code")) target.composing = on; });
  }

  function put(cell, code) {
    if (cell.editor) cell.editor.text = code;
    else if (cell.field) cell.field.value = code;
  }

  // The book's code and its output, as they were.
  function reset(cell) {
    put(cell, cell.original);
    if (cell.field && cell.step !== "try") {
      const within = cell.root.contains(document.activeElement);
      (cell.editor?.element ?? cell.field).remove();
      cell.editor = undefined;
      cell.root.querySelector(".run-hint")?.remove();
      listing(cell.root).hidden = false;
      cell.button("run")?.after(button("Edit", cell.root));
      if (within) cell.button("edit")?.focus();
    }
    save(cell);
    book.outputs.restore(cell);
    tell(cell, "As in the book again.", `${spoken(cell.root)}: as in the book again.`);
    refresh();
  }

  // What a reader wrote is not taken away by one click.
  function resetAll() {
    const several = cells.filter(resettable);
    if (!confirm(`Take back what you changed in ${several.length} cells of this page? It cannot be undone.`)) return;
    for (const cell of several) reset(cell);
  }

  // Code that was written over an older edition's: both are shown, the reader chooses.
  function offer(cell) {
    const [, own] = book.cells.read("code")[cell.id] ?? [];
    if (cell.root.querySelector(".run-offer") || typeof own !== "string") return;
    const box = Object.assign(document.createElement("div"), {className: "run-offer"});
    const words = "The book's code has changed since you edited this cell. Yours was:";
    const end = act => () => {
      act();
      box.remove();
      cell.button("your-earlier-code")?.remove();
      save(cell);
      refresh();
    };
    const use = button("Use mine", cell.root), leave = button("Keep the book's", cell.root);
    use.addEventListener("click", end(() => {
      if (!cell.field) open(cell);
      put(cell, own);
    }));
    leave.addEventListener("click", end(() => {}));
    box.append(Object.assign(document.createElement("p"), {textContent: words}),
      Object.assign(document.createElement("pre"), {textContent: own}), use, leave);
    cell.root.querySelector(".cell_input").after(box);
    use.focus();
  }

  book.editing = {changed, keep, offer, open, refresh, reset, resetAll};
})();
