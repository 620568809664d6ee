// The words of a text, for an index and for what somebody types: digits and operators count.
(global => {
  "use strict";

  const GREEK = {α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", η: "eta", θ: "theta",
    κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", π: "pi", ρ: "rho", σ: "sigma", τ: "tau", φ: "phi", ω: "omega"};
  const SIGNS = {"−": "-", "‐": "-", "×": "*", "⋅": "*", "·": "*", "≤": "<=", "≥": ">=", "≠": "!=", "∞": " inf "};
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const IRREGULAR = {bias: "bias", matrices: "matrix", indices: "index", vertices: "vertex", criteria: "criterion"};
  // Words that say little, unless nothing else was typed.
  const SLIGHT = new Set(("a an the of in on at is are was be been am i my me we our you your it its to for from with and or that " +
    "this how why what when where which does do did has have can get gets there by as").split(" "));
  const NUMBER = String.raw`\d+(?:\.\d+)?(?:e[-+]?\d+|\^-?\d+)?(?![\p{L}\d])`;
  const WORD = String.raw`[\p{L}\d]+(?:[-_.][\p{L}\d]+)*`;  // its parts joined by a hyphen, a dot, an underscore
  const OPERATOR = String.raw`(?<=^|[\s(])(?:\*\*|[=!<>]=|[-+*/@%<>=^])(?=$|[\s).,;:?])`;
  const TOKEN = new RegExp(`${NUMBER}|${WORD}|${OPERATOR}`, "gu");

  const raised = all => "^" + [...all].map(one => one === "⁻" ? "-" : RAISED.indexOf(one)).join("");

  function plain(text) {
    return text.replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, raised)
      .replace(/([a-z\d])([A-Z][a-z])/g, "$1-$2")  // BatchNorm is batch-norm
      .toLowerCase()
      .replace(/[−‐×⋅·≤≥≠∞]/g, one => SIGNS[one])
      .replace(/[α-ωϵ]/g, one => GREEK[one] ? ` ${GREEK[one]} ` : one)
      .normalize("NFKD").replace(/[\u0300-\u036f]|['’](?:s\b)?/g, "")
      .replace(/(\d)[ ,_](?=\d{3}(?!\d))/g, "$1")  // 16 777 217; NFKD has made the narrow space a blank
      .replace(/(\d)\*\*(?=-?\d)/g, "$1^");
  }

  // Without its ending, so that "rounding" finds "rounds", and "losses" a loss.
  const stems = new Map(Object.entries(IRREGULAR));
  function stem(word) {
    if (!stems.has(word)) stems.set(word, word.length < 4 || /[^a-z]/.test(word) ? word : cut(word));
    return stems.get(word);
  }

  function cut(word) {
    const one = word.replace(/ies$/, "y").replace(/(ss|x|z|ch|sh)es$/, "$1").replace(/([^sui])s$/, "$1")
      .replace(/is(?=(?:e|ed|ing|ation|er)$)/, "iz");
    const short = one.replace(/(?:ing|ed)$|(?<=.{4})ation$/, "")
      .replace(/([^aeiousz])\1$/, (both, letter) => letter === "l" && one.length < 7 ? both : letter);
    const bare = short.length > 2 && /[aeiouy]/.test(short) ? short : one;
    return bare.length > 4 ? bare.replace(/e$/, "") : bare;
  }

  // A text as words and signs, each with its parts: {joined: "logsumexp", parts: ["log", "sum", "exp"]}.
  function units(text) {
    return [...plain(text).matchAll(TOKEN)].map(([found]) => {
      const parts = /\p{L}/u.test(found) && !/^\d+(?:\.\d+)?e/.test(found) ? found.split(/[-_.]/) : [found];
      return {joined: parts.join(""), parts};
    });
  }

  // All under which a text is to be found; of one that is no title, each word that says something once,
  // without its ending.
  function terms(text, field = "title") {
    const found = [];
    for (const {joined, parts} of units(text)) {
      if (field !== "title" && SLIGHT.has(joined)) continue;
      found.push(stem(joined));
      if (field === "title" && stem(joined) !== joined) found.push(joined);
      if (parts.length > 1) found.push(...parts.map(stem), ...field === "title" ? parts : []);
    }
    return field === "title" ? found : [...new Set(found)];
  }

  global.finderWords = {SLIGHT, stem, terms, units};
})(globalThis);
