// What is asked before a cell runs. Where the packages lie on another server, the page says so, and how
// much it is, before the first of them comes. Where an answer is still covered, the first press asks for
// the reader's prediction, and the next one runs.
(() => {
  "use strict";
  let refused;

  const covered = cell => document.documentElement.dataset.answers === "covered"
    && cell.root.querySelector(".cell_output.answer:not(.is-seen)");
  const asked = new Map();

  function questionOf(answer) {
    const known = [...answer.classList].map(name => name.replace(/^to-/, ""));
    return [...document.querySelectorAll(".prediction")].find(box =>
      known.includes(JSON.parse(box.querySelector(".prediction-tools").dataset.prediction).cell));
  }

  // Whether a cell may show its answer: it is in sight, or the reader has been asked already.
  function predicted(cell) {
    const answer = covered(cell), box = answer && questionOf(answer);
    if (!box || asked.has(cell)) return true;
    const words = "You have not predicted yet: answer the question above, or run again to see what comes out. ";
    book.runner.tell(cell, words, words);
    const back = Object.assign(document.createElement("button"), {type: "button", textContent: "To the question"});
    back.addEventListener("click", () => box.focus());
    cell.root.querySelector(".run-said").append(back);
    asked.set(cell, back);
    return false;
  }

  document.addEventListener("predicted", () => {
    for (const [cell, back] of asked) if (!covered(cell)) back.parentElement?.remove();
  });

  function agreed(host) {
    try { return localStorage.getItem("wheels") === host; } catch { return false; }
  }

  const size = bytes => `${Math.max(1, Math.round(bytes / 1e6))} MB`;

  const NAMES = {numpy: "NumPy", matplotlib: "matplotlib", scipy: "SciPy"};
  const FOR = {matplotlib: "draws (matplotlib, ", scipy: "uses SciPy ("};  // a cell that brings more

  function words(list, packages, host) {
    const far = packages.filter(name => name in list.weights), later = Object.keys(FOR).filter(name => !far.includes(name));
    const sum = (names, of) => names.reduce((all, name) => all + of[name], 0);
    const near = list.size + sum(packages.filter(name => name in list.sizes), list.sizes), away = sum(far, list.weights);
    const more = later.map(name => `${FOR[name]}about ${size(list.weights[name])})`).join(" or ");
    return `To run this cell, the page loads about ${size(near + away)}, once: Python and the book's code from this site `
      + `(${size(near)}), ${far.map(name => NAMES[name]).join(", ")} from ${host}, where the makers of Pyodide keep `
      + `${far.length > 1 ? "them" : "it"} (about ${size(away)}). ${more && `More comes only with a cell that ${more}. `}`
      + "Code and results stay in this browser.";
  }

  function offered(cell, text) {
    return new Promise(done => {
      const box = Object.assign(document.createElement("div"), {className: "run-offer"});
      const end = yes => {
        box.remove();
        cell.button("stop")?.focus();
        refused = undefined;
        done(yes);
      };
      const choice = (name, yes) => {
        const made = Object.assign(document.createElement("button"), {type: "button", textContent: name});
        made.addEventListener("click", () => end(yes));
        return made;
      };
      const load = choice("Load and run", true);
      box.append(Object.assign(document.createElement("p"), {textContent: text}), load, choice("Not now", false));
      cell.root.querySelector(".cell_input").after(box);
      refused = () => end(false);
      load.focus();
    });
  }

  // Whether the packages may be loaded: they come from this site, or the reader has said yes.
  book.consent = async (cell, packages) => {
    const why = book.python.unfit();
    if (why) throw Error(why);
    const list = await book.files(), host = new URL(list.wheels, book.root).host;
    if (host === location.host || agreed(host)) return true;
    const yes = await offered(cell, words(list, packages, host));
    if (yes) try { localStorage.setItem("wheels", host); } catch {}
    return yes;
  };
  book.consent.predicted = predicted;
  book.consent.refuse = () => refused?.();
})();
