// Symptoms from the first page (web/chips.py): a field that finds them all, by words of the symptom or
// of what is behind it. Their list is a script, which is fetched when somebody first goes to the field.
(() => {
  "use strict";
  const SHOWN = 8, NOTHING = "Nothing found. Try fewer or other words: what you see, or the name of the error.";
  const box = document.querySelector(".finder"), field = box.querySelector("input");
  const said = box.querySelector("[role=status]"), list = box.querySelector(".finder-found");
  let asked = false;

  function load() {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = box.dataset.list;
    script.onload = find;
    script.onerror = () => {
      asked = false;
      said.textContent = "The list does not load; the page of symptoms has it.";
    };
    document.head.append(script);
  }

  function link(href, textContent, className = "") {
    const item = Object.assign(document.createElement("li"), {className});
    item.append(Object.assign(document.createElement("a"), {href, textContent}));
    return item;
  }

  // Where else to look, when nothing is found or more than is shown.
  function others(found, all) {
    const typed = encodeURIComponent(field.value.trim()), {page, search} = box.dataset;
    if (found > SHOWN) return [link(`${page}?q=${typed}`, `All ${found} on the page of symptoms`, "finder-other")];
    return found ? [] : [link(page, `All ${all} symptoms`, "finder-other"),
      link(`${search}?q=${typed}`, "Search the whole book", "finder-other")];
  }

  // Numbers may be typed in groups, 16 777 216, and words between quotes.
  const wordsOf = text => text.toLowerCase().replace(/["'`]/g, "").replace(/(\d)[\s\u2009\u202f](?=\d{3})/g, "$1").match(/\S+/g) ?? [];

  // How many letters of what was typed a name has, or of a name what was typed: a whole message may be pasted.
  function named(typed, names) {
    const shared = name => typed.includes(name) ? 2 * name.length : ` ${name}`.includes(` ${typed}`) ? typed.length : 0;
    return Math.max(0, ...names.split("; ").filter(Boolean).map(shared));
  }

  // A word of up to three letters begins where it is found: a determinant has no nan. So does filter.js.
  const has = (text, word) => /^\p{L}{1,3}$/u.test(word) ? RegExp(`(?<![\\p{L}\\d])${word}`, "u").test(text) : text.includes(word);

  // By name first, what was typed in full and is longest before others; then by the symptom's words; then by what is behind it.
  function ranked(words) {
    const typed = words.join(" "), holds = text => words.every(word => has(text, word));
    const rank = ([, symptom, text, names]) => named(typed, names) + holds(symptom.toLowerCase())
      + holds(`${symptom.toLowerCase()} ${text} ${names}`);
    return window.symptoms.map(one => [rank(one), one]).filter(([rank]) => rank).sort(([a], [b]) => b - a).map(([, one]) => one);
  }

  function find() {
    if (!window.symptoms) return;
    const words = wordsOf(field.value), found = words.length ? ranked(words) : [], all = window.symptoms.length;
    const shown = found.slice(0, SHOWN).map(([anchor, symptom]) => link(`${box.dataset.page}#${anchor}`, symptom));
    list.hidden = !words.length;
    if (words.length) list.replaceChildren(...shown, ...others(found.length, all));
    said.textContent = !words.length ? "" : found.length ? `${found.length} of ${all} symptoms ${found.length === 1 ? "has" : "have"} these words` : NOTHING;
  }

  function close() {
    list.hidden = true;
  }

  // Arrows go through what was found, Enter in the field opens the first of it; Escape closes it.
  box.addEventListener("keydown", event => {
    const stops = [field, ...list.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
    const way = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (event.key === "Escape") {
      field.focus();
      close();
    } else if (way && at >= 0 && !list.hidden) {
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, at + way))].focus();
    } else if (event.key === "Enter" && at === 0 && !list.hidden) {
      event.preventDefault();
      stops[1].click();
    }
  });
  field.addEventListener("focus", () => {
    load();
    find();
  });
  field.addEventListener("input", find);
  box.addEventListener("focusout", ({relatedTarget}) => { if (!box.contains(relatedTarget)) close(); });
})();
