// A moving figure of changed code: Python draws the frame that its controls ask for, one at a time.
// It looks and speaks as those that were drawn beforehand (explore.js).
(() => {
  "use strict";
  const PAUSE = {input: 200, select: 1000};  // milliseconds that a frame stands while it plays
  const MOST = 400, MARKUP = 3_000_000;  // values of a control, characters of a frame

  function make(name, options = {}, attributes = {}) {
    const made = Object.assign(document.createElement(name), options);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function controlOf({label, texts, start, choice}, id) {
    const control = make(choice ? "select" : "input", choice ? {id} : {id, type: "range", min: 0, max: texts.length - 1});
    if (choice) control.append(...texts.map((text, value) => make("option", {value, textContent: text})));
    control.value = start;
    const play = make("button", {type: "button", textContent: "▶"}, {"aria-label": `Play ${label}`});
    const shown = choice ? [] : [make("span", {textContent: texts[start]}, {"aria-hidden": "true"})];
    return {control, play, texts, label, row: [make("label", {htmlFor: id, textContent: label}), play, control, ...shown]};
  }

  class Figure {
    constructor(data, cell) {
      [this.name, this.alt] = [String(data.figure), String(data.alt)];
      const known = data.controls.slice(0, 3).map(one => ({label: String(one.label), choice: one.choice === true,
        texts: one.texts.slice(0, MOST).map(String), start: Number(one.start)}));
      this.controls = known.map((one, at) => controlOf(one, `run-${cell.id}-${this.name}-control-${at}`));
      this.picture = make("div", {className: "lib-explore-picture"}, {role: "img"});
      this.words = make("p", {className: `lib-explore-words${data.told ? " lib-explore-told" : ""}`}, {role: "status"});
      const rows = make("div", {className: "lib-explore-controls"});
      rows.append(...this.controls.flatMap(one => one.row));
      this.element = make("div", {className: "lib-explore"}, {role: "group", "aria-label": "Interactive figure"});
      this.element.append(rows, this.picture, this.words);
      this.element.addEventListener("input", () => this.draw());
      this.controls.forEach(one => this.setUpPlay(one));
      this.show(data);
    }

    get number() {
      return this.controls.reduce((sum, {control, texts}) => sum * texts.length + +control.value, 0);
    }

    show({picture, said}) {
      this.picture.replaceChildren(book.clean.picture(String(picture).slice(0, MARKUP)));
      const values = this.controls.map(({label, texts, control}) => `${label} = ${texts[control.value]}`);
      this.picture.setAttribute("aria-label", `${this.alt} (${values.join(", ")})`);
      if (this.words.textContent !== String(said)) this.words.textContent = said;
    }

    // One question at a time: of a control that is dragged, the last place counts.
    async draw() {
      for (const {control, texts} of this.controls.filter(one => one.control.type === "range")) {
        control.setAttribute("aria-valuetext", texts[control.value]);
        control.nextElementSibling.textContent = texts[control.value];
      }
      this.wanted = this.number;
      if (this.drawing) return;
      this.drawing = true;
      try {
        while (this.wanted !== this.drawn) {
          const number = this.wanted;
          if (!book.python.running) throw Error("Python was stopped: run the cell again to move its figure.");
          this.show(await book.python.ask("frame", {figure: this.name, number}, {packages: ["numpy"]}));
          this.drawn = number;
        }
      } catch (error) { this.words.textContent = error.message; }
      this.drawing = false;
    }

    setUpPlay({control, play, texts, label}) {
      const ended = () => +control.value === texts.length - 1;
      let on = false;
      const name = () => {
        const [sign, verb] = on ? ["❚❚", "Pause"] : [ended() ? "↻" : "▶", "Play"];
        play.textContent = sign;
        play.setAttribute("aria-label", `${verb} ${label}${sign === "↻" ? " again" : ""}`);
      };
      const set = wanted => {
        on = wanted;
        this.words.setAttribute("aria-live", on ? "off" : "polite");
        name();
      };
      const step = async () => {
        while (on && this.element.isConnected && book.python.running) {
          control.value = (+control.value + 1) % texts.length;
          await this.draw();
          if (ended()) break;  // rests on the last frame
          await new Promise(done => setTimeout(done, PAUSE[control.localName]));
        }
        if (on) set(false);
      };
      play.addEventListener("click", () => {
        set(!on);
        step();
      });
      for (const event of ["pointerdown", "keydown"]) control.addEventListener(event, () => set(false));
      control.addEventListener("input", name);
    }
  }

  book.moving = (data, cell) => new Figure(data, cell).element;
})();
