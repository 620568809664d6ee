// Predictions (web/predictions.py): an answer is covered until the reader has chosen or asks for it.
// Guesses are kept in this browser, by page and cell, under "predictions", and how sure they were
// under "sureness"; nothing is sent anywhere.
(() => {
  "use strict";
  const root = document.documentElement.dataset;
  const TIMES = ["", "Once", "Twice", "Three times", "Four times", "Five times", "Six times", "Seven times"];

  const store = {  // a browser may refuse its storage: then nothing outlasts the page
    read(key) { try { return localStorage.getItem(key); } catch { return null; } },
    write(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      } catch {}
    },
  };

  function readOf(key, page) {
    try { return JSON.parse(store.read(key))?.[page] ?? {}; } catch { return {}; }
  }

  function writeOf(key, page, values) {
    let all;
    try { all = JSON.parse(store.read(key)) ?? {}; } catch { all = {}; }
    if (Object.keys(values).length) all[page] = values;
    else delete all[page];
    store.write(key, Object.keys(all).length ? JSON.stringify(all) : null);
  }

  // A number as people write it: 0.25, 1e-8, 1 000, −3, 1/4, 2^-13, 3 × 10^-8, 75 %.
  function numberIn(text) {
    const plain = text.replace(/[\s_]/g, "").replace(/[−–]/g, "-").replace(/(\*\*)/g, "^")
      .replace(/[x×·*]10\^\(?([+-]?\d+)\)?/, "e$1");
    const [whole, per] = plain.endsWith("%") ? [plain.slice(0, -1), 100] : [plain, 1];
    const [, first, sign, second] = whole.match(/^([^/^]+)(?:([/^])(.+))?$/) ?? [];
    const number = part => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) ? Number(part) : NaN;
    const a = number(first), b = number((second ?? "1").replace(/^\((.*)\)$/, "$1"));
    return (sign === "/" ? a / b : a ** b) / per;
  }

  function isRight(data, guess) {
    if ("answer" in data) return guess === data.answer;
    const given = numberIn(guess);
    if ("within" in data) return Math.abs(given - data.number) <= data.within * (1 + 1e-9);
    const ratio = given / data.number;
    return ratio > 0 && Math.max(ratio, 1 / ratio) <= data.factor * (1 + 1e-9);
  }

  // The words of a part of the page, of each formula only what screen readers get.
  function wordsOf(part) {
    const copy = part.cloneNode(true);
    for (const one of copy.querySelectorAll(".katex-html, annotation")) one.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  class Prediction {
    constructor(box, chapter) {
      this.box = box;
      this.chapter = chapter;
      this.data = JSON.parse(box.querySelector(".prediction-tools").dataset.prediction);
      this.answers = [...document.querySelectorAll(".answer.to-" + CSS.escape(this.data.cell))];
      this.field = box.querySelector(".prediction-number input");
      this.levels = [...box.querySelectorAll(".prediction-sure input")];
      this.options = [...box.querySelectorAll(".prediction-options > li > p")].map(this.button, this);
      box.tabIndex = -1;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `Your ${chapter.what}`);
      for (const button of box.querySelectorAll(".prediction-reveal")) {
        button.addEventListener("click", () => {
          this.settle("shown", true);
          this.box.focus();  // the button is gone
        });
      }
      box.querySelector("form")?.addEventListener("submit", event => {
        event.preventDefault();
        this.give(this.field.value);
      });
      this.answers.forEach((answer, at) => answer.append(label(at, chapter.act)));
    }

    button(text, at) {
      const button = document.createElement("button");
      button.type = "button";
      const bare = text.cloneNode(true);
      for (const formula of bare.querySelectorAll(".katex")) formula.remove();
      if (!bare.textContent.trim()) {  // a formula alone is no name that every screen reader speaks
        const name = document.createElement("span");
        name.className = "visually-hidden";
        name.textContent = `Option ${at + 1}: `;
        button.append(name);
      }
      button.append(...text.childNodes);
      text.replaceWith(button);
      button.addEventListener("click", () => this.give(at + 1));
      return button;
    }

    // Take a guess, once; only one made before the answer was seen is remembered.
    give(guess) {
      if (this.guess !== undefined) return;
      const readable = !this.field || !Number.isNaN(numberIn(guess));
      this.field?.setAttribute("aria-invalid", !readable);
      if (readable) this.settle(guess, true);
      else this.say("unread");
    }

    settle(guess, now) {
      if (this.guess !== undefined) return;
      this.guess = guess;
      this.right = guess !== "shown" && isRight(this.data, guess);
      this.uncover(true);
      for (const level of this.levels) level.disabled = true;  // what is said later is no confidence
      this.options.forEach((button, at) => {
        button.setAttribute("aria-disabled", "true");
        button.setAttribute("aria-pressed", at + 1 === guess);
        button.classList.toggle("is-answer", at + 1 === this.data.answer);
        button.classList.toggle("is-guess", at + 1 === guess);
      });
      if (this.field) {
        this.field.readOnly = true;
        if (guess !== "shown") this.field.value = guess;
      }
      const kind = this.field && guess !== "shown" ? (this.right ? "right" : "wrong") : guess;
      this.say(kind, now ? " The answer is uncovered below." : "");
      if (now) this.chapter.keep(this);
    }

    uncover(on) {
      for (const answer of this.answers) answer.classList.toggle("is-seen", on);
    }

    say(kind, more = "") {
      for (const one of this.box.querySelectorAll(".prediction-verdict")) {
        const said = one.classList.contains("is-" + kind);
        one.classList.toggle("is-said", said);
        if (said) {
          one.dataset.mark = kind === "start" || kind === "shown" || kind === "unread" ? ""
            : this.right ? "✓" : "✗";
          if (kind !== "start") this.chapter.announce(wordsOf(one) + more);
        }
      }
    }

    forget() {
      this.guess = undefined;
      this.uncover(false);
      for (const button of this.options) {
        button.removeAttribute("aria-disabled");
        button.removeAttribute("aria-pressed");
        button.classList.remove("is-answer", "is-guess");
      }
      if (this.field) [this.field.readOnly, this.field.value] = [false, ""];
      for (const level of this.levels) level.disabled = level.checked = false;
      this.say("start");
    }

    // How sure the reader was: one of the words, or undefined.
    get sure() {
      return this.levels.find(level => level.checked)?.value;
    }

    set sure(word) {
      for (const level of this.levels) level.checked = level.value === word;
    }

    get thought() {
      const said = this.box.querySelector(".prediction-verdict.is-said .prediction-thought");
      return this.guess === "shown" ? null : said;
    }
  }

  function label(at, act) {
    const text = document.createElement("p");
    text.className = "answer-label";
    text.append(Object.assign(document.createElement("span"), {textContent: `Covered until you ${act}`}));
    if (at) text.setAttribute("aria-hidden", "true");
    return text;
  }

  class Chapter {
    constructor(top) {
      ({page: this.page, what: this.what, act: this.act} = top.dataset);
      this.said = top.querySelector(".prediction-said");
      this.sum = document.querySelector(".prediction-sum");
      this.guesses = readOf("predictions", this.page);
      this.sureness = readOf("sureness", this.page);
      this.quiet = true;
      this.predictions = [...document.querySelectorAll(".prediction")].map(box => new Prediction(box, this));
      for (const one of this.predictions) {
        const guess = this.guesses[one.data.cell];
        const known = one.field ? typeof guess === "string"
          : guess === "shown" || one.options[guess - 1] !== undefined;
        if (known) {
          one.sure = this.sureness[one.data.cell];
          one.settle(guess, false);
        } else {
          delete this.guesses[one.data.cell];
          one.say("start");
        }
      }
      this.quiet = false;
      this.setUpSwitch(top.querySelector("input"));
      this.sum.querySelector("button").addEventListener("click", () => this.forget());
      const handIn = this.sum.querySelector(".prediction-hand-in");
      handIn?.addEventListener("click", () => this.handIn(handIn.dataset.version));
      this.sumUp();
      this.follow();
      addEventListener("hashchange", () => this.follow());
    }

    setUpSwitch(control) {
      control.checked = root.answers === "shown";
      control.addEventListener("change", () => {
        root.answers = control.checked ? "shown" : "covered";
        store.write("answers", control.checked ? "shown" : null);
        this.announce(control.checked ? "All answers are shown." : "Answers are covered again.");
      });
    }

    announce(words) {
      if (!this.quiet) this.said.textContent = words;
    }

    keep(prediction) {
      if (root.answers === "covered") {
        const {guess, sure, data: {cell}} = prediction;
        this.guesses[cell] = guess;
        writeOf("predictions", this.page, this.guesses);
        if (sure && guess !== "shown") this.sureness[cell] = sure;
        else delete this.sureness[cell];
        writeOf("sureness", this.page, this.sureness);
      }
      this.sumUp();
    }

    forget() {
      [this.guesses, this.sureness] = [{}, {}];
      for (const key of ["predictions", "sureness"]) writeOf(key, this.page, {});
      for (const one of this.predictions) one.forget();
      this.sumUp();
      this.announce(`Your ${this.what}s are forgotten.`);
    }

    // A file in the reader's hands: what was chosen, in this order, and how sure; nothing else.
    handIn(version) {
      const chapter = this.page.split("/").pop();
      const choices = Object.entries(this.guesses).map(([cell, guess]) => {
        const sure = this.predictions.find(one => one.data.cell === cell)?.sure;
        return guess !== "shown" && sure ? [cell, guess, sure] : [cell, guess];
      });
      const text = JSON.stringify({chapter, version, choices});
      const link = document.createElement("a");
      link.href = "data:application/json," + encodeURIComponent(text);
      link.download = `predictions-${chapter}.json`;
      link.click();
      this.announce(`Saved as ${link.download}; nothing was sent.`);
    }

    sumUp() {
      document.dispatchEvent(new CustomEvent("predicted", {detail: this.predictions}));
      const counted = this.predictions.filter(one => one.data.cell in this.guesses
                                                  && this.guesses[one.data.cell] !== "shown");
      const all = this.predictions.length, open = all - counted.length;
      const right = counted.filter(one => one.right).length;
      const text = this.sum.querySelector("p");
      if (!counted.length) {
        text.textContent = `${this.sum.dataset.none}, of ${all}.`;
        return;
      }
      text.textContent = `${this.sum.dataset.some} ${right} of ${all}`
        + (open ? `; ${open} still open. ` : ". ");
      const sure = counted.filter(one => one.sure === "sure");
      if (sure.length) {
        text.append(`Of ${sure.length} that you were sure of, ${sure.filter(one => one.right).length} right. `);
      }
      const thoughts = new Map();
      for (const one of counted.filter(one => !one.right && one.thought)) {
        const key = wordsOf(one.thought);
        thoughts.set(key, [...thoughts.get(key) ?? [], one.thought]);
      }
      const often = [...thoughts.values()].sort((a, b) => b.length - a.length);
      for (const same of often) {
        text.append(`${TIMES[same.length]} you thought that `, same[0].cloneNode(true), ". ");
      }
    }

    // Who follows a link into an answer has asked for it.
    follow() {
      const target = document.getElementById(location.hash.slice(1));
      const answer = target?.closest(".answer") ?? target?.querySelector(":scope > .answer");
      if (answer?.classList.contains("is-seen") ?? true) return;
      for (const one of this.predictions) if (one.answers.includes(answer)) one.uncover(true);
    }
  }

  function setUp() {
    const top = document.querySelector(".prediction-switch");
    if (top) new Chapter(top);
    root.predictions = "ready";  // from here on an error elsewhere uncovers nothing
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", setUp);
  else setUp();
})();
