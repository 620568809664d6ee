// Run the cells of a page in their order: book.runner(what, cell) does what a button says. What comes
// before a cell runs first, quietly, unless it has run and nothing before it has changed since; the
// cells of other exercises are left out.
(() => {
  "use strict";
  const {say, spoken} = book.cells;
  const TASK = ["try", "check", "solution"];
  const NEEDED = ["numpy", "lib.zip"], MORE = ["matplotlib", "scipy"];
  const PATIENCE = 1000;  // ms until a cell that comes before is named
  const more = new Set();  // what cells have used beside these

  class Cell {
    constructor(root, at) {
      [this.root, this.at, this.id] = [root, at, root.id];
      [this.step] = root.id.split("-", 1);
      this.topic = root.id.slice(this.step.length + 1);
      this.original = book.cells.original(root);
      // The code of its last run, as long as no earlier cell has run since; a reader's that failed runs again.
      this.done = null;
    }

    get field() { return this.editor ?? this.root.querySelector("textarea.run-code"); }

    get source() { return this.editor?.text ?? this.field?.value ?? this.original; }

    get isOwn() { return this.source !== this.original; }

    get before() {
      return cells.slice(0, this.at).filter(one => !TASK.includes(one.step)
        || (this.step === "check" && one.id === `try-${this.topic}`));
    }

    // What an output depends on: this code and all before it.
    get state() { return [...this.before, this].map(one => book.cells.print(one.source)).join(); }

    get isBook() { return [...this.before, this].every(one => !one.isOwn); }

    get moves() { return !!this.root.querySelector(".lib-explore:not(.run-output *)"); }

    button(act) { return this.root.querySelector(`.run-bar > [data-act="${act}"]`); }
  }

  const cells = book.cells.all.map((root, at) => new Cell(root, at));
  const of = root => cells.find(one => one.root === root);
  const status = Object.assign(document.createElement("p"), {className: "visually-hidden"});
  status.setAttribute("role", "status");
  document.querySelector("main").append(status);

  function tell(cell, words, aloud = words) {
    say(cell.root, words);
    status.textContent = aloud;
  }

  // --- One cell after the other ---------------------------------------------------------------

  let turn = Promise.resolve(), wanted = [], anew = false;

  // What a text uses of a package: not a line that imports it, for chapters do so long before. Python tells
  // what this has overlooked (undrawn.py).
  function uses(text, name) {
    const imports = text.match(RegExp(`^\\s*(from|import)\\s+${name}\\b.*$`, "gm")) ?? [];
    const known = imports.flatMap(line => line.replace(/^.*\bimport\b/, "").split(","))
      .map(one => one.trim().split(/\s/).at(-1).split(".")[0].replace(/\W/g, ""));
    const rest = text.replace(/^\s*(from|import)\s.*$/gm, "");
    return known.some(one => one && RegExp(`\\b${one}\\b`).test(rest));
  }

  // Of what few cells need, what this one does, and those before it; a figure that is not seen needs nothing.
  function needs(cell) {
    const draws = !isQuiet(cell) && /\b(figures\.(?!use_style\b)|explore\(|plt\b|matplotlib\b)/.test(cell.source);
    const scipy = uses([...cell.before, cell].map(one => one.source).join("\n"), "scipy");
    return [...draws ? ["matplotlib"] : [], ...scipy ? ["scipy"] : []].filter(name => !more.has(name));
  }

  const packages = cell => [...NEEDED, ...more, ...needs(cell)];
  const isQuiet = cell => cell.moves && cell.isBook;

  // What has run without a package runs anew when it comes.
  function want(names) {
    if (!names.length) return;
    for (const name of names) more.add(name);
    forget();
    anew = true;
  }

  function forget() { for (const one of cells) one.done = null; }

  async function ask(cell, quiet, told) {
    const source = cell.source;
    const found = await book.python.ask("cell", {source, cell: cell.id, name: spoken(cell.root), quiet, anew}, told);
    if (MORE.includes(found.lacks) && !more.has(found.lacks)) {
      want([found.lacks]);
      return null;
    }
    anew = false;
    for (const later of cells.slice(cell.at + 1)) if (later.before.includes(cell)) later.done = null;
    cell.done = cell.isOwn && !found.good ? null : source;
    return found;
  }

  const failure = ({line, error}) => `${Number.isInteger(line) ? ` in line ${line}` : ""}: ${String(error).slice(0, 300)}`;

  // Wait for a cell that comes before one, and count it there; name it if it takes its time, for it may never end.
  async function askBefore(one, place, count, told) {
    let running = `Running what comes before: ${count}…`, last = "";
    const show = words => say(place.root, (last = words) === "Running…" ? running : words);
    const clock = setTimeout(() => {
      running = `Running what comes before, ${count}: ${one.isOwn ? "your " : ""}${spoken(one.root)}…`;
      if (last) show(last);
    }, PATIENCE);
    try { return await ask(one, true, {...told, say: show}); } finally { clearTimeout(clock); }
  }

  // Run what a cell needs; return those that failed, or null where more had to be loaded.
  async function prepare(cell, place, told) {
    const before = cell.before, first = before.findIndex(one => one.done !== one.source);
    const plan = first < 0 ? [] : before.slice(first), failed = [];
    for (const [at, one] of plan.entries()) {
      const found = await askBefore(one, place, `${at + 1} of ${plan.length}`, told);
      if (!found) return null;
      if (found.good) continue;
      if (one.isOwn) throw Error(`Your ${spoken(one.root)}, which comes before, fails${failure(found)}. Change or reset it.`);
      failed.push(spoken(one.root));
    }
    return failed;
  }

  async function carryOut(cell, place, quiet) {
    for (;;) {
      want(needs(cell));
      const told = {packages: packages(cell), say: words => say(place.root, words)};
      const failed = await prepare(cell, place, told);
      const state = cell.state;
      const part = outputs => { if (Array.isArray(outputs)) book.outputs.show(cell, outputs, state); };
      const found = failed && await ask(cell, quiet, {...told, part});
      if (found) return {failed, found, state};
    }
  }

  async function run(cell, place) {
    const quiet = isQuiet(cell), began = performance.now();
    const {failed, found, state} = await carryOut(cell, place, quiet);
    if (quiet) book.outputs.restore(cell);
    else book.outputs.show(cell, Array.isArray(found.outputs) ? found.outputs : [], state);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const {differs = {}} = await book.files(), known = !cell.isOwn && differs[book.cells.page]?.[cell.id];
    const words = known ? [known] : [!found.good ? `It failed${failure(found)}`
      : quiet ? "Run. The figure is the one that this code draws; change the code, and it is drawn anew."
        : found.headline ? `${found.passed === true ? "✓ " : ""}${String(found.headline).slice(0, 300)}.`
        : found.outputs.length ? `Run in ${seconds} s.` : `Run in ${seconds} s; it shows nothing.`];
    if (failed.length && !found.good && !known) words.push(`Before it failed: ${failed.join(", ")}.`);
    if (cell.step === "check") judged(cell, found.passed === true);
    tell(place, words.join(" "), `${spoken(cell.root)}: ${words.join(" ")}`);
    book.editing.refresh();
  }

  function judged(cell, passed) {
    const task = cells.find(one => one.id === `try-${cell.topic}`);
    if (!passed || cell.isOwn || !task) return;
    book.editing.keep("exercises", `exercise-${cell.topic}`, book.cells.title(task.root));
    task.root.querySelector(".run-done").hidden = false;
  }

  // --- Buttons --------------------------------------------------------------------------------

  function busy(cell, on) {
    const button = cell.button(on ? "run" : "stop");
    button.textContent = on ? "Stop" : "Run";
    button.dataset.act = on ? "stop" : "run";
    button.setAttribute("aria-label", `${button.textContent}: ${spoken(cell.root)}`);
  }

  function queue(cell, place = cell) {
    if (wanted.includes(place)) return;
    wanted.push(place);
    busy(place, true);
    say(place.root, wanted.length > 1 ? "Waiting for another cell…" : "Loading…");
    turn = turn.then(async () => {
      if (!wanted.includes(place)) return;
      try {
        if (await book.consent(place, packages(cell))) await run(cell, place);
        else tell(place, "Nothing was loaded.");
      } catch (error) {
        tell(place, error.message);
      }
      busy(place, false);
      wanted = wanted.filter(one => one !== place);
    });
  }

  function stop() {
    for (const one of wanted.splice(1)) {  // the first is told by Python, which ends
      busy(one, false);
      say(one.root, "Stopped before it began.");
    }
    book.consent.refuse();
    book.python.stop();
  }

  function check(task) {
    const cell = cells.find(one => one.id === `check-${task.topic}`);
    const fold = cell.root.querySelector("details");
    if (fold) fold.open = true;
    queue(cell, task);
  }

  const ACTS = {run: cell => book.consent.predicted(cell) && queue(cell), stop, check,
    edit: cell => book.editing.open(cell), reset: cell => book.editing.reset(cell),
    "reset-all": () => book.editing.resetAll(), "your-earlier-code": cell => book.editing.offer(cell)};

  document.addEventListener("pythonended", forget);
  book.runner = async (what, root) => {
    await ready;
    ACTS[what](of(root));
  };
  book.runner.cells = cells;
  book.runner.tell = tell;
  const parts = ["python.js", "clean.js", "outputs.js", "moving.js", "editing.js", "consent.js"];
  const ready = Promise.all(parts.map(book.part));
})();
