/* Figures that move (lib/page/explore.py): a control chooses a frame, a frame is a list of pieces. */
(() => {
  "use strict";
  const PAUSE = {input: 200, select: 1000};   // milliseconds that a frame stands while it plays
  const still = matchMedia("(prefers-reduced-motion: reduce)");   // nothing moves by itself then
  let stop = () => {};                        // what is playing: one figure at a time

  function setUp(root) {
    const picture = root.querySelector(".lib-explore-picture");
    const words = root.querySelector(".lib-explore-words");
    const drawing = picture.querySelector("g");
    const controls = [...root.querySelectorAll("input, select")];
    let data;             // read on the first move: a page opens without it

    function show(number) {
      const before = data.frames[picture.dataset.frame], after = data.frames[number];
      let head = 0, tail = 0;
      while (head < before.length && before[head] === after[head]) head++;
      while (tail < Math.min(before.length, after.length) - head
             && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
      for (let i = head; i < before.length - tail; i++) drawing.children[head].remove();
      const pieces = after.slice(head, after.length - tail).map(piece => data.pieces[piece]).join("");
      if (head) drawing.children[head - 1].insertAdjacentHTML("afterend", pieces);
      else drawing.insertAdjacentHTML("afterbegin", pieces);
      picture.dataset.frame = number;
    }

    function update() {
      data ??= JSON.parse(root.querySelector("script").textContent);
      const texts = controls.map((control, i) => data.texts[i][control.value]);
      const number = controls.reduce((sum, control, i) => sum * data.texts[i].length + +control.value, 0);
      controls.forEach((control, i) => {
        if (control.type !== "range") return;
        control.setAttribute("aria-valuetext", texts[i]);
        control.nextElementSibling.textContent = texts[i];
      });
      if (number === +picture.dataset.frame) return;
      show(number);
      const values = controls.map((control, i) => `${control.labels[0].textContent} = ${texts[i]}`);
      picture.setAttribute("aria-label", `${data.alt} (${values.join(", ")})`);
      const said = data.words[number] ?? "";
      if (words.textContent !== said) words.textContent = said;
    }

    function setUpPlay(button) {
      const control = button.nextElementSibling, name = control.labels[0].textContent;
      const last = +(control.max ?? control.length - 1);
      const ended = () => +control.value === last;
      let timer = 0;
      function next() {
        control.value = ended() ? 0 : +control.value + 1;
        update();
        if (timer && ended()) halt();  // rests on the last frame
      }
      const halt = () => play(false);
      function play(on) {
        clearInterval(timer);
        if (on && stop !== halt) stop();
        if (on) stop = halt;
        if (on && ended()) next();
        timer = on && setInterval(next, PAUSE[control.localName]);
        words.setAttribute("aria-live", on ? "off" : "polite");  // what plays is too fast to be spoken
        label();
      }
      function label() {
        const [sign, verb] = still.matches ? ["▸", "Next"] : timer ? ["❚❚", "Pause"] : [ended() ? "↻" : "▶", "Play"];
        button.textContent = sign;
        button.setAttribute("aria-label", `${verb} ${name}${sign === "↻" ? " again" : ""}`);
      }
      still.addEventListener("change", halt);
      halt();
      button.addEventListener("click", () => still.matches ? next() : play(!timer));
      for (const event of ["pointerdown", "keydown"]) control.addEventListener(event, halt);
      control.addEventListener("input", label);
    }

    root.addEventListener("input", update);
    root.querySelectorAll("button").forEach(setUpPlay);
    root.querySelectorAll(":disabled").forEach(control => { control.disabled = false; });
  }

  const setUpAll = () => document.querySelectorAll(".lib-explore").forEach(setUp);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", setUpAll);
  else setUpAll();
})();
