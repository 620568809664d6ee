// The first page for a reader who comes again: the way back, on each card what has been done, and below
// them the exercises that were solved. Read from this browser's storage: "place" (progress.js),
// "predictions" (predict.js), and under "exercises" the titles of those solved, by page and cell
// (run/runner.js).
(() => {
  "use strict";

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; }
  }

  function lead(place, card) {
    const [words, link] = document.querySelector(".back").children;
    link.href = card.querySelector("a").getAttribute("href") + "#" + encodeURIComponent(place.id);
    link.textContent = `Continue: ${place.title}`;
    link.hidden = false;
    words.hidden = true;
    card.classList.add("is-here");
  }

  // [address, title] of the exercises of a card's chapter that were solved here.
  function exercisesOf(card) {
    const chapter = card.querySelector("a").getAttribute("href");
    return Object.entries(solved[card.dataset.page] ?? {}).filter(([, title]) => typeof title === "string")
      .map(([name, title]) => [`${chapter}#${encodeURIComponent(name.replace("exercise", "try"))}`, title]);
  }

  function list(done) {
    const box = Object.assign(document.createElement("details"), {className: "solved"});
    const rows = document.createElement("ul");
    box.append(Object.assign(document.createElement("summary"), {textContent: `Exercises you have solved: ${done.length}`}), rows);
    for (const [href, textContent] of done) {
      const row = document.createElement("li");
      row.append(Object.assign(document.createElement("a"), {href, textContent}));
      rows.append(row);
    }
    [...document.querySelectorAll(".cards")].at(-1).after(box);
  }

  const cards = [...document.querySelectorAll(".card")];
  const [place, guesses, solved] = ["place", "predictions", "exercises"].map(read);
  const here = cards.find(card => card.dataset.page === place.page);
  if (here && place.id && place.title) lead(place, here);
  for (const card of cards) {
    const {page, predictions, exercises} = card.dataset;
    const guessed = Object.values(guesses[page] ?? {}).filter(guess => guess !== "shown").length;
    const done = guessed + Object.keys(solved[page] ?? {}).length;
    // Exercises count from the first one on that this browser has seen solved.
    const all = +predictions + (Object.keys(solved).length ? +exercises : 0);
    if (!done) continue;
    card.querySelector(".card-ring circle:last-child").style.strokeDasharray = `${100 * Math.min(1, done / all)} 100`;
    card.querySelector(".card-done").textContent = `${Math.min(done, all)} of ${all} done`;
    card.classList.add("is-begun");
  }
  const done = cards.flatMap(exercisesOf);
  if (done.length) list(done);
})();
