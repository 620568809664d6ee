// A deck of slides: keys, the answer on the next click, notes, a speaker's window. Nothing is fetched.
(() => {
  "use strict";
  const root = document.documentElement, slides = [...document.querySelectorAll(".slide")];
  const speaking = new URLSearchParams(location.search).has("notes");
  const place = document.querySelector(".deck-place"), said = document.querySelector(".deck-said");
  let at = 0, step = 0, speaker = null;

  const steps = slide => Number(slide.dataset.steps ?? 0);

  function show(number, wanted = 0) {
    at = Math.min(Math.max(number, 0), slides.length - 1);
    step = Math.min(wanted, steps(slides[at]));
    slides.forEach((slide, i) => {
      slide.classList.toggle("is-here", i === at);
      slide.classList.toggle("is-next", i === at + 1);
      slide.inert = i !== at;
    });
    slides[at].classList.toggle("is-answered", step > 0);
    place.textContent = `${at + 1} / ${slides.length}`;
    said.textContent = step ? slides[at].querySelector(".answer-said")?.textContent ?? ""
      : `Slide ${at + 1}: ${slides[at].getAttribute("aria-label")}`;
    history.replaceState(null, "", `#${at + 1}`);
    const other = speaker && !speaker.closed ? speaker : speaking ? opener : null;
    other?.postMessage({deck: [at, step]}, "*");
  }

  const next = () => step < steps(slides[at]) ? show(at, step + 1) : at < slides.length - 1 && show(at + 1);
  const back = () => step ? show(at, 0) : at && show(at - 1, Infinity);

  const keys = {
    ArrowRight: next, PageDown: next, " ": next, ArrowLeft: back, PageUp: back,
    Home: () => show(0), End: () => show(slides.length - 1, Infinity),
    n: () => root.classList.toggle("with-notes"),
    s: () => { speaker = open(`${location.pathname}?notes#${at + 1}`, "notes", "width=900,height=700"); },
    f: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.(),
  };
  addEventListener("keydown", event => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!(key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select") && !key.startsWith("Page")) return;
    if (key === " " && event.target.closest("button")) return;
    event.preventDefault();
    keys[key]();
  });
  document.querySelector(".deck-back").addEventListener("click", back);
  document.querySelector(".deck-next").addEventListener("click", next);
  addEventListener("hashchange", () => {
    const asked = Number(location.hash.slice(1)) - 1;
    if (asked !== at && asked >= 0) show(asked);
  });
  addEventListener("message", event => {
    if (![speaker, opener].includes(event.source) || !Array.isArray(event.data?.deck)) return;
    const [number, wanted] = event.data.deck;
    if (number !== at || wanted !== step) show(number, wanted);
  });
  // Paper has every slide, answered, with its notes; a slide that is not here cannot be reached else.
  addEventListener("beforeprint", () => slides.forEach(slide => { slide.inert = false; }));
  addEventListener("afterprint", () => show(at, step));

  root.classList.add("is-deck");
  root.classList.toggle("is-speaking", speaking);
  if (speaking) {
    const begun = Date.now();
    setInterval(() => {
      const minutes = Math.floor((Date.now() - begun) / 60000);
      document.querySelector(".deck-clock").textContent = `${minutes} min`;
    }, 1000);
  }
  show((Number(location.hash.slice(1)) || 1) - 1);
})();
