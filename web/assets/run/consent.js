// Where the packages lie on another server, say so, and how much it is, before the first of them comes.
(() => {
  "use strict";
  let refused;

  function agreed(host) {
    try { return localStorage.getItem("wheels") === host; } catch { return false; }
  }

  const size = bytes => `${Math.max(1, Math.round(bytes / 1e6))} MB`;

  function words(list, packages, host) {
    const names = packages.filter(name => name in list.weights);
    const far = names.reduce((sum, name) => sum + list.weights[name], 0);
    return `To run code, this page loads Python from this site (${size(list.size)}) and ${names.join(", ")} from `
      + `${host}, where the makers of Pyodide keep them (about ${size(far)}). Code and results stay in this browser.`;
  }

  function asked(cell, text) {
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
    const yes = await asked(cell, words(list, packages, host));
    if (yes) try { localStorage.setItem("wheels", host); } catch {}
    return yes;
  };
  book.consent.refuse = () => refused?.();
})();
