// The page on which a reader traces a function (web/tracing.py): the form, its state in the address, and
// the story. An address fills the form and never runs it.
(() => {
  "use strict";

  const form = document.querySelector("form.tracing"), story = document.querySelector(".tracing-story");
  const field = name => document.getElementById(`tracing-${name}`);
  const [example, code, given, precision] = ["example", "code", "arguments", "precision"].map(field);
  const button = name => form.querySelector(`[data-do="${name}"]`), run = form.querySelector("[type=submit]");
  const note = form.querySelector(".tracing-note"), said = form.querySelector(".tracing-said");
  const [result, back, stale, clock] = ["result", "back", "stale", "clock"].map(name => document.querySelector(`.tracing-${name}`));
  const [examples, told] = ["examples", "told"].map(name => JSON.parse(document.querySelector(`.tracing-${name}`).textContent));
  const LONGEST = 50000;  // characters that an address may bring
  const PARTS = ["code", "arguments", "precision"];
  const LONG = 10000;  // milliseconds without a word, after which one is said
  let shown = {...examples[0], ...told};  // what the story on the page is of, its text, and that of what came back
  const linked = new Option("the code of a link", "");  // which is no example, and cannot be chosen
  linked.hidden = true;
  let own;  // what stands behind the # because this page wrote it

  const asked = () => ({code: code.value, arguments: given.value, precision: precision.value});
  // How much has come is shown, and not read aloud.
  function say(text) {
    said.setAttribute("aria-live", /^Loading \S+ of \S+ MB…$/.test(text) ? "off" : "polite");
    said.textContent = text;
  }

  // Which packages a text uses: those that it imports, and NumPy by its usual name.
  function packages({code: text, arguments: more}) {
    const imports = name => RegExp(`^[ \\t]*(?:import|from)\\b.*\\b${name}\\b`, "m").test(text);
    const found = new Set();
    if (imports("numpy") || /\bnp\./.test(text + more)) found.add("numpy");
    if (imports("scipy")) found.add("numpy").add("scipy");
    if (imports("lib")) found.add("numpy").add("lib.zip");
    return [...found];
  }

  function fill(one) {
    code.value = one.code;
    given.value = one.arguments;
    precision.value = [...precision.options].some(option => option.value === one.precision) ? one.precision : "float64";
    tell();
  }

  // What Run will fetch, said before it does; then, what is there.
  async function tell() {
    const list = await book.files().catch(() => null), {running, has, version} = book.python ?? {};
    if (!list) return;
    const host = list.wheels.includes("://") ? new URL(list.wheels).host : "this site";
    const named = Object.entries({numpy: "NumPy", scipy: "SciPy"}), wanted = packages(asked());
    const mega = bytes => `${Math.ceil(bytes / 1e6)} MB`;
    const more = named.filter(([name]) => wanted.includes(name) && !(running && has(name)));
    const there = named.filter(([name]) => running && has(name)).map(one => one[1]);
    const lib = wanted.includes("lib.zip") && !(running && has("lib.zip")) ? list.sizes["lib.zip"] : 0;
    const parts = running && !lib ? [] : [`${running ? "lib" : "Python"} from this site (${mega(lib + (running ? 0 : list.size))})`];
    if (more.length) {
      const weight = more.reduce((sum, [name]) => sum + list.weights[name], 0);
      parts.push(`${more.map(one => one[1]).join(" and ")} from ${host} (about ${mega(weight)})`);
    }
    note.textContent = parts.length ? `Run fetches ${parts.join(", and ")}, unless your browser has kept it.`
      : `${[`Python ${version}`, ...there].join(" and ")} ${there.length ? "are" : "is"} here. Run fetches nothing more.`;
  }

  const address = one => {
    const place = new URL(location.href);
    place.hash = new URLSearchParams(one);
    return place.href;
  };

  function write(one) {
    history.replaceState(null, "", address(one));
    own = location.hash;
  }

  function fillFromAddress() {
    if (location.hash === own) return;  // Back, from a place on this page
    const found = new URLSearchParams(location.hash.slice(1));
    if (!found.has("code")) return;
    const one = Object.fromEntries(PARTS.map(name => [name, found.get(name) ?? ""]));
    if (one.code.length + one.arguments.length > LONGEST) { say("The link holds too much code to be shown."); return; }
    fill(one);
    example.append(linked);
    linked.selected = true;
    clear();
    say("This code came with the link. Read it, then press Run.");
  }

  function clear() {
    shown = null;
    story.replaceChildren();
    back.replaceChildren();
    compare();
  }

  // A story of other code than that in the form says so.
  function compare() {
    const one = asked(), is = !!shown && PARTS.some(name => shown[name] !== one[name]);
    if (result.hasAttribute("data-stale") === is) return;
    result.toggleAttribute("data-stale", is);
    stale.textContent = is ? "What follows is of the code before your change. Run tells the story of the new one." : "";
  }

  const make = (name, textContent) => Object.assign(document.createElement(name), {textContent});

  function show(one, answer) {
    const parts = [], hint = String(answer.hint ?? "").slice(0, 1000);
    if (answer.printed) {
      parts.push(make("p", answer.cut ? "It printed more than a page can hold. It began with:" : "It printed:"),
        make("pre", String(answer.printed).slice(0, LONGEST)));
    }
    story.replaceChildren(answer.good ? book.clean(answer.html) : "", ...parts);
    back.replaceChildren(...answer.good ? [book.clean(answer.back[1]), ...hint ? [make("p", hint)] : []] : []);
    shown = answer.good ? {...one, text: String(answer.text), back: String(answer.back[0])} : null;
    say(answer.good ? `Traced: the story is below${hint ? ", with a hint" : ""}.` : String(answer.said).slice(0, 3000));
    compare();
  }

  async function trace() {
    const one = asked();
    write(one);
    busy(true);
    clear();
    try {
      await Promise.all([book.part("python.js"), book.part("clean.js")]);
      const why = book.python.unfit();
      if (why) throw Error(why);
      const data = {source: one.code, arguments: one.arguments, precision: one.precision};
      show(one, await book.python.ask("trace", data, {packages: packages(one), say: meanwhile}));
    } catch (error) { say(error.message); }
    busy(false);
    tell();
  }

  // What is said while it runs; if then nothing comes for long, how to end it.
  let late, ticking;
  function meanwhile(text) {
    if (run.getAttribute("aria-disabled") !== "true") return;  // it ended meanwhile
    say(text);
    clearTimeout(late);
    late = setTimeout(() => say(`${text} This takes long. ${text === "Running…" ? "A step that is followed costs a thousand others, "
      + "and a loop may have no end. " : ""}Stop ends it.`), LONG);
  }

  function tick(began) {
    clock.textContent = `${Math.round((performance.now() - began) / 1000)} s`;
  }

  // Run keeps the focus while it is of no use, so it is not disabled.
  function busy(on) {
    run.setAttribute("aria-disabled", on);
    button("stop").disabled = !on;
    clearTimeout(late);
    clearInterval(ticking);
    clock.textContent = "";
    if (!on) return;
    const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? 10 : 1;  // seconds
    ticking = setInterval(tick, 1000 * pace, performance.now());
  }

  const fence = text => "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(run => run.length + 1)));
  const block = (kind, text) => `${fence(text)}${kind}\n${text.replace(/\n+$/, "")}\n${fence(text)}\n`;

  // Of the story on the page, with the code that it is of.
  function markdown() {
    const one = shown ?? asked(), name = [...precision.options].find(option => option.value === one.precision).text;
    const call = `Traced in ${name}, with the arguments \`${one.arguments.replace(/\s+/g, " ")}\`:\n`;
    return [block("python", one.code), call, ...shown ? [block("", shown.back), block("text", shown.text)] : ["(not run yet)\n"],
      `[Trace it again](${address(Object.fromEntries(PARTS.map(part => [part, one[part]]))).replace(/[()]/g, escape)})\n`].join("\n");
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} is copied.`);
    } catch {  // no clipboard without https, or it is refused
      const box = Object.assign(document.createElement("textarea"), {value: text, readOnly: true, rows: 6});
      box.setAttribute("aria-label", what);
      story.before(box);
      box.addEventListener("blur", () => box.remove());
      box.select();
      say(`Your browser lets no page copy here: press Ctrl+C. ${what} is selected.`);
    }
  }

  // Code of the reader's own stays in the list when another is chosen.
  function keep(one) {
    if (!one.code.trim() || examples.some(known => PARTS.every(name => known[name] === one[name]))) return;
    const name = `Your own, ${1 + examples.filter(known => known.own).length}`;
    examples.push({name, own: true, ...one});
    example.append(new Option(name, name));
  }

  example.addEventListener("change", () => {
    keep(asked());
    fill(examples.find(one => one.name === example.value));
    clear();
    say("");
  });
  form.addEventListener("input", event => {
    if (event.target === example) return;
    tell();
    compare();
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    if (run.getAttribute("aria-disabled") !== "true") trace();
  });
  code.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  button("stop").addEventListener("click", () => { run.focus(); book.python?.stop(); });
  button("link").addEventListener("click", () => {
    write(asked());
    copy(location.href, "The link");
  });
  button("markdown").addEventListener("click", () => copy(markdown(), result.hasAttribute("data-stale") ? "The Markdown, with the code before your change," : "The Markdown"));
  addEventListener("hashchange", fillFromAddress);
  fillFromAddress();
  tell();
})();
