// ?present: the predictions of a page for a lecture hall, one by one: vote, talk and vote again, reveal.
(() => {
  "use strict";
  if (!new URLSearchParams(location.search).has("present")) return;
  const STEPS = ["Vote.", "Talk to your neighbour, then vote again.", "The answer."];

  function make(name, text) {
    return Object.assign(document.createElement(name), {textContent: text ?? ""});
  }

  function copy(node) {
    const made = node.cloneNode(true);
    for (const one of [made, ...made.querySelectorAll("[id]")]) one.removeAttribute("id");
    for (const one of made.querySelectorAll(".headerlink, .section-number")) one.remove();
    return made;
  }

  // The blocks of a cell that stand before its options.
  function asked(box, cell) {
    const found = [];
    for (let one = box.previousElementSibling; one; one = one.previousElementSibling) {
      if (one.localName !== "span") found.unshift(copy(one));
      if (one.id === cell) break;
    }
    return found;
  }

  function fill(body, box) {
    const data = JSON.parse(box.querySelector(".prediction-tools").dataset.prediction);
    const options = make("ol");
    [...box.querySelectorAll(".prediction-options > li")].forEach((item, at) => {
      const option = make("li");
      option.append(...copy(item.firstElementChild).childNodes);
      option.classList.toggle("present-right", at + 1 === data.answer);
      options.append(option);
    });
    const shown = make("div");
    shown.className = "present-shown";
    const outputs = document.querySelectorAll(`.answer.to-${CSS.escape(data.cell)} pre`);
    shown.append(copy(box.querySelector(".prediction-verdict.is-shown")), ...[...outputs].slice(0, 1).map(copy));
    body.replaceChildren(...asked(box, data.cell), options, shown);
  }

  addEventListener("DOMContentLoaded", () => {
    const boxes = [...document.querySelectorAll(".prediction")];
    if (!boxes.length) return;
    const dialog = make("dialog"), body = make("div"), bar = make("div"), said = make("p");
    const back = make("button", "Back"), next = make("button", "Next");
    let at = 0, step = 0;
    dialog.className = "present";
    dialog.setAttribute("aria-label", "The predictions of this page, for a lecture");
    bar.className = "present-bar";
    said.setAttribute("role", "status");
    bar.append(said, back, next);
    dialog.append(body, bar);

    function show(number, wanted) {
      if (number < 0 || number === boxes.length) return;
      if (number !== at || !body.childNodes.length) fill(body, boxes[number]);
      [at, step] = [number, wanted];
      dialog.dataset.step = step;
      said.textContent = `${at + 1} of ${boxes.length}. ${STEPS[step]}`;
    }
    const go = way => step + way in STEPS ? show(at, step + way) : show(at + way, way < 0 ? 2 : 0);
    back.addEventListener("click", () => go(-1));
    next.addEventListener("click", () => go(1));
    dialog.addEventListener("keydown", event => {
      const way = {ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1}[event.key];
      if (!way) return;
      event.preventDefault();
      go(way);
    });
    dialog.addEventListener("close", () => boxes[at].scrollIntoView({block: "center"}));
    document.body.append(dialog);
    show(0, 0);
    dialog.showModal();
    next.focus();
  });
})();
