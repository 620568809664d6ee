// Finds places of the book for what somebody types, best first. Uses MiniSearch and words.js.
(global => {
  "use strict";
  const {SLIGHT, stem, terms, units} = global.finderWords;

  const FIELDS = {title: 4, text: .7, where: 1, more: .7, names: 3};
  // What a reader in trouble looks for comes first: symptoms, terms, laws.
  const WEIGHTS = {symptom: 1.5, term: 1.5, law: 1.1, section: 1.05, exhibit: .8, question: .75, exercise: .65, belief: .65};
  const PAGE = 1.5;  // of a page whose title has all that was typed
  const NAMED = 1.2;  // for each word of a name that was typed in full
  const ENDING = .9, PARTS = .9, SYNONYM = .7, MISSPELT = .5;
  // How many letters may differ: none in short words and in those with digits, one in a long number.
  const typos = word => /^\p{L}{4,}$/u.test(word) ? (word.length > 7 ? 2 : 1) : /^\d{5,}$/.test(word) && 1;
  const prefix = word => word.length > 1 && /[\p{L}\d]/u.test(word);

  // What finds; it can do so at once or, if it may come `later`, when it is ready: a page stays alive meanwhile.
  function make({entries, synonyms}, later) {
    const index = new global.MiniSearch({
      idField: "number", fields: Object.keys(FIELDS), tokenize: terms, processTerm: word => word,
      // Where a symptom stands, "Inf and nan", is not what it has: the page of symptoms counts the same ones.
      extractField: (entry, field) => field === "where" && entry.kind === "symptom" ? "" : entry[field],
      searchOptions: {tokenize: words => words.split(" "), boost: FIELDS, combineWith: "AND",
        bm25: {k: .4, b: .4, d: .5}, weights: {prefix: .45, fuzzy: .45}},
    });
    const ready = later ? index.addAllAsync(entries, {chunkSize: 40}) : index.addAll(entries);
    const known = new Map();

    // The words of its title, and of each name that it has beside those that say something.
    function heads(id) {
      if (known.has(id)) return known.get(id);
      const {title, names} = entries[id], stems = text => units(text).map(({joined}) => stem(joined));
      const called = names ? names.split("; ").map(name => stems(name).filter(word => !SLIGHT.has(word))) : [];
      known.set(id, [stems(title), ...called]);
      return known.get(id);
    }

    const phrases = Object.entries(synonyms).filter(([key]) => key.includes(" "))
      .map(([key, others]) => ({words: units(key).map(({joined}) => stem(joined)), others}));

    // What else a word is called, alone or together with the other words of a query.
    function called(word, words) {
      const all = new Set(words.map(({joined}) => stem(joined)));
      const fit = phrases.filter(one => one.words.includes(stem(word)) && one.words.every(part => all.has(part)));
      return [...synonyms[word] ?? [], ...fit.flatMap(one => one.others)];
    }

    // {number of an entry: [score, words of it that match]} for one word of a query, the best of all ways to read it.
    function places({joined, parts}, words) {
      const found = new Map();
      const seek = (weight, words, how = {}) => {  // all of the words; their mean counts
        for (const {id, score, terms: hits} of index.search(words.join(" "), how)) {
          const before = found.get(id) ?? [0, []], few = words.length > parts.length ? [] : hits;
          found.set(id, [Math.max(before[0], weight * score / words.length), [...before[1], ...few]]);
        }
      };
      seek(1, [joined], {prefix});
      if (stem(joined) !== joined) seek(ENDING, [stem(joined)], {prefix});
      if (parts.length > 1) seek(PARTS, parts.map(stem));
      for (const other of called(joined, words)) seek(SYNONYM, units(other).flatMap(one => one.parts.map(stem)));
      if (!found.size && typos(joined)) seek(MISSPELT, [stem(joined)], {prefix, fuzzy: typos(joined)});
      return found;
    }

    // Where in a title the words of a query stand, each by one of its hits.
    const placesIn = (title, hits) => hits.map(words => title.findIndex(word => words.includes(word))).filter(at => at >= 0);

    // How well a title says what was typed: how much of it, whether nothing else, how near together.
    function fit(at, title, count) {
      const near = at.length < 2 ? 0 : at.length / (1 + Math.max(...at) - Math.min(...at));
      return 1 + .4 * at.length / count + (at.length === count ? .8 * count / title.length : 0) + .6 * near;
    }

    function find(typed) {
      const all = units(typed), main = all.filter(({joined}) => !SLIGHT.has(joined));
      const words = main.length ? main : all, found = new Map();
      for (const word of words) {
        for (const [id, [score, hits]] of places(word, words)) {
          if (!found.has(id)) found.set(id, {score: 0, hits: []});
          const one = found.get(id);
          one.score += score;
          one.hits.push(hits);
        }
      }
      const results = [...found].map(([id, {score, hits}]) => {
        const entry = entries[id], share = hits.length / words.length;
        const fits = heads(id).map(head => [placesIn(head, hits), head]);
        const page = !entry.anchor && fits[0][0].length === words.length ? PAGE : 1;
        const best = Math.max(...fits.map(([at, head], number) => fit(at, head, words.length)
          + (number && new Set(at).size === head.length ? NAMED * head.length : 0)));
        return {...entry, share, hits: hits.flat(), score: score * WEIGHTS[entry.kind] * page * share ** 2 * best};
      });
      const most = Math.max(0, ...results.map(one => one.share));
      return results.filter(one => one.share > most / 2).sort((a, b) => b.score - a.score);
    }
    return {find, ready};
  }

  // The index as the build packs it (web/search.py): columns, with the names of pages and kinds once.
  function index() {
    const {kinds, pages, ...columns} = global.finder.packed, names = Object.keys(columns);
    const entries = columns.title.map((_, number) => {
      const entry = {number};
      for (const name of names) entry[name] = columns[name][number];
      return {...entry, kind: kinds[entry.kind], page: pages[entry.page]};
    });
    return {entries, synonyms: global.finder.synonyms};
  }

  global.finder = {index, make};
})(globalThis);
