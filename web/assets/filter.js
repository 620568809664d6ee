// Long lists (web/places.py): a field above them leaves only the entries that hold all its words.
(() => {
  "use strict";

  // Numbers are written in groups, 16 777 217, and formulas three times: once for each kind of reader.
  // A reproduction is left out: half of them have the words float, sum and assert.
  function wordsOf(parts) {
    const text = parts.map(part => {
      const copy = part.cloneNode(true);
      for (const one of copy.querySelectorAll(".katex-html, .headerlink, .reproduction")) one.remove();
      return copy.textContent;
    }).join(" ");
    return text.replace(/["'`]/g, "").replace(/(\d)[\s\u2009\u202f](?=\d{3})/g, "$1").replace(/\s+/g, " ").toLowerCase();
  }

  // The names of a symptom (web/symptoms.py), each of which may be part of a message that was pasted.
  function namesOf(parts) {
    const names = parts.map(part => part.querySelector(".names")?.textContent ?? "").join("");
    return names.toLowerCase().split("; ").filter(Boolean);
  }

  // A word of up to three letters begins where it is found: a determinant has no nan.
  const has = (text, word) => /^\p{L}{1,3}$/u.test(word) ? RegExp(`(?<![\\p{L}\\d])${word}`, "u").test(text) : text.includes(word);

  function entriesOf(list) {
    if (list.localName !== "dl") return [...list.children].map(item => [item]);
    return [...list.querySelectorAll(":scope > dt")].map(term => [term, term.nextElementSibling]);
  }

  function setUp() {
    const lists = [...document.querySelectorAll(".bd-article .filtered")];
    if (!lists.length) return;
    const entries = lists.flatMap(entriesOf).map(parts => ({parts, text: wordsOf(parts), names: namesOf(parts)}));
    const sections = [...new Set(lists.map(list => list.closest("section")))];

    const box = document.querySelector(".filter"), {what} = box.dataset;
    const [field, said] = [box.querySelector("input"), box.querySelector("p")];
    const between = [];  // what stands between the field and the first list, and would push the answers away
    for (let one = box.nextElementSibling; one && !sections.includes(one); one = one.nextElementSibling) between.push(one);

    function filter() {
      const words = field.value.toLowerCase().replace(/["'`]/g, "").match(/\S+/g) ?? [];
      let left = 0;
      const typed = words.join(" ");
      if (words.length) delete document.documentElement.dataset.near;  // few are left: none waits to be laid out
      for (const {parts, text, names} of entries) {
        const kept = words.every(word => has(text, word)) || names.some(name => typed.includes(name));
        left += kept;
        for (const part of parts) part.hidden = !kept;
      }
      for (const section of sections) {
        section.hidden = lists.every(list => !section.contains(list)
          || entriesOf(list).every(([first]) => first.hidden));
      }
      for (const one of between) one.hidden = words.length > 0;
      said.textContent = `${words.length ? `${left} of ${entries.length}` : `All ${entries.length}`} ${what}`;
    }

    field.value = new URLSearchParams(location.search).get("q") ?? "";  // the first page's finder leads here
    field.addEventListener("input", filter);
    addEventListener("hashchange", () => {  // a link to an entry shows it
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest("[hidden]")) return;
      field.value = "";
      filter();
      target.scrollIntoView();
    });
    filter();
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", setUp);
  else setUp();
})();
