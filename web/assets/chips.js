// Symptoms from the first page (web/chips.py): a field that finds them all, by words of the symptom or
// of what is behind it. Their list is a script, which is fetched when somebody first goes to the field.
(() => {
  "use strict";
  const SHOWN = 8;
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

  function link([anchor, symptom]) {
    const item = document.createElement("li"), made = document.createElement("a");
    made.href = `${box.dataset.page}#${anchor}`;
    made.textContent = symptom;
    item.append(made);
    return item;
  }

  // Numbers may be typed in groups: 16 777 216.
  const wordsOf = text => text.toLowerCase().replace(/(\d)[\s\u2009\u202f](?=\d{3})/g, "$1").match(/\S+/g) ?? [];

  function find() {
    if (!window.symptoms) return;
    const words = wordsOf(field.value), holds = text => words.every(word => text.includes(word));
    const first = window.symptoms.filter(([, symptom]) => holds(symptom.toLowerCase()));
    const more = window.symptoms.filter(one => !first.includes(one) && holds(`${one[1].toLowerCase()} ${one[2]}`));
    const found = words.length ? [...first, ...more] : [];
    list.replaceChildren(...found.slice(0, SHOWN).map(link));
    list.hidden = !found.length;
    said.textContent = words.length ? `${found.length} of ${window.symptoms.length}` : "";
  }

  function close() {
    list.hidden = true;
  }

  // Arrows go through what was found; Escape closes it.
  box.addEventListener("keydown", event => {
    const stops = [field, ...list.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
    const way = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (event.key === "Escape") {
      field.focus();
      close();
    } else if (way && at >= 0 && !list.hidden) {
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, at + way))].focus();
    }
  });
  field.addEventListener("focus", () => {
    load();
    find();
  });
  field.addEventListener("input", find);
  box.addEventListener("focusout", ({relatedTarget}) => { if (!box.contains(relatedTarget)) close(); });
})();
