// Show what a run put out. It is a stranger's word: the code that a reader runs can send what it likes.
// So text stays text, and of HTML only what the book's own reports and traces are made of is shown.
(() => {
  "use strict";
  const TEXT = 120_000, MANY = 101;  // characters of a text, things of one run
  const MOVING = "application/x-moving", MARKUP = 400_000;
  function make(name, className, text) {
    return Object.assign(document.createElement(name), {className, textContent: text ?? ""});
  }

  function printed(text, kind = "stream") {
    const box = make("div", `output ${kind}`), inner = make("div", "highlight");
    inner.append(make("pre", "", text.length > TEXT ? `${text.slice(0, TEXT)}\n(The rest is not shown.)` : text));
    box.append(inner);
    return box;
  }

  function picture(data, alt) {
    const image = Object.assign(new Image(), {src: `data:image/png;base64,${data["image/png"]}`, alt});
    for (const side of ["width", "height"]) if (Number.isInteger(data[side])) image[side] = data[side];
    return image;
  }

  const unfenced = text => text.replace(/^```\w*\n([^]*)\n```$/, "$1");

  function part(data, alt, cell) {
    if (typeof data !== "object" || data === null) return printed(String(data));
    if ("error" in data) return printed(String(data.error), "run-error");
    if ("text" in data) return printed(String(data.text));
    if (data[MOVING]) return book.moving(data[MOVING], cell);
    if (/^[\w+/=]+$/.test(data["image/png"] ?? " ")) return picture(data, alt);
    if (data["text/html"]) {
      const box = make("div", "output text_html");
      box.append(book.clean(String(data["text/html"]).slice(0, MARKUP)));
      for (const one of box.querySelectorAll("[role=region]")) one.setAttribute("role", "group");  // landmarks are the page's
      return box;
    }
    return printed(unfenced(String(data["text/markdown"] ?? data["text/plain"])), "text_plain");
  }

  // Where the output of a cell stands: its figure, if it has one, keeps its caption.
  function place(cell) {
    let box = cell.root.querySelector(".cell_output");
    if (!box) {
      box = make("div", "cell_output docutils container");
      (cell.root.querySelector(".run-said") ?? cell.input).after(box);
    }
    box.classList.add("is-seen");  // who runs a cell has asked for its answer
    return box.querySelector("figure") ?? box;
  }

  const built = box => [...box.children].filter(one => !one.matches("figcaption, .answer-label, .run-output"));

  function show(cell, outputs, state) {
    const box = place(cell), shown = make("div", "run-output");
    const alt = box.querySelector("img:not(.run-output *)")?.alt ?? "";
    shown.setAttribute("role", "group");
    shown.setAttribute("aria-label", `Output of your run: ${book.cells.spoken(cell.root)}`);
    const words = cell.isBook ? alt : `A figure drawn by your code.${alt && ` The book's: ${alt}`}`;
    shown.hidden = !outputs.length;
    shown.append(...outputs.slice(0, MANY).map(one => part(one, words, cell)));
    for (const one of built(box)) one.hidden = true;
    box.querySelector(".run-output")?.remove();
    box.prepend(shown);
    cell.shown = state;
    for (const wide of shown.querySelectorAll("pre, .lib-report, .lib-trace, .output")) {
      if (wide.scrollWidth > wide.clientWidth + 1) wide.tabIndex = 0;
    }
  }

  // The output as the book was built.
  function restore(cell) {
    cell.shown = null;
    const output = cell.root.querySelector(".run-output"), box = output?.parentElement;
    if (!output) return;
    output.remove();
    for (const one of built(box)) one.hidden = false;
    if (!box.children.length) box.remove();
  }

  // Tell which outputs were made by code that is no longer there.
  function age(cells) {
    for (const cell of cells) {
      const output = cell.shown && cell.root.querySelector(".run-output");
      if (!output) continue;
      const old = cell.shown !== cell.state;
      output.classList.toggle("is-old", old);
      if (old && !output.querySelector(".run-old")) {
        output.prepend(make("p", "run-old", "Of an earlier run: code was changed since. Run again."));
      } else if (!old) output.querySelector(".run-old")?.remove();
    }
  }

  book.outputs = {age, restore, show};
})();
