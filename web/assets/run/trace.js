// The page on which a reader traces a function (web/tracing.py): the form, its state in the address, and
// the story. An address fills the form and never runs it.
(() => {
  "use strict";

  const form = document.querySelector("form.tracing"), story = document.querySelector(".tracing-story");
  const field = name => document.getElementById(`tracing-${name}`);
  const [example, code, given, precision] = ["example", "code", "arguments", "precision"].map(field);
  const button = name => form.querySelector(`[data-do="${name}"]`), run = form.querySelector("[type=submit]");
  const note = form.querySelector(".tracing-note"), said = form.querySelector(".tracing-said");
  const examples = JSON.parse(document.querySelector(".tracing-examples").textContent);
  const LONGEST = 50000;  // characters that an address may bring
  let shown = null;  // what the story on the page is of, and its text

  const asked = () => ({code: code.value, arguments: given.value, precision: precision.value});
  const say = text => { said.textContent = text; };

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

  // What Run will fetch, said before it does.
  async function tell() {
    const list = await book.files().catch(() => null), wanted = packages(asked());
    if (!list) return;
    const host = list.wheels.includes("://") ? new URL(list.wheels).host : "this site";
    const more = wanted.filter(name => !name.endsWith(".zip")).map(name => ({numpy: "NumPy", scipy: "SciPy"})[name]);
    const parts = book.python?.running ? [] : [`Python from this site (${Math.ceil(list.size / 1e6)} MB)`];
    if (more.length) parts.push(`${more.join(" and ")} from ${host}`);
    note.textContent = parts.length ? `Run fetches ${parts.join(", and ")}, unless your browser has kept it.` : "";
  }

  const address = one => {
    const place = new URL(location.href);
    place.hash = new URLSearchParams(one);
    return place.href;
  };

  function fillFromAddress() {
    const found = new URLSearchParams(location.hash.slice(1));
    if (!found.has("code")) return;
    const one = Object.fromEntries(["code", "arguments", "precision"].map(name => [name, found.get(name) ?? ""]));
    if (one.code.length + one.arguments.length > LONGEST) { say("The link holds too much code to be shown."); return; }
    fill(one);
    example.selectedIndex = -1;
    clear();
    say("This code came with the link. Read it, then press Run.");
  }

  function clear() {
    shown = null;
    story.replaceChildren();
  }

  function show(one, answer) {
    const parts = [];
    if (answer.printed) {
      const box = Object.assign(document.createElement("pre"), {textContent: String(answer.printed).slice(0, LONGEST)});
      parts.push(Object.assign(document.createElement("p"), {textContent: "It printed:"}), box);
    }
    story.replaceChildren(answer.good ? book.clean(answer.html) : "", ...parts);
    shown = answer.good ? {...one, text: String(answer.text)} : null;
    say(answer.good ? "Traced: the story is below." : String(answer.said).slice(0, 3000));
  }

  async function trace() {
    const one = asked();
    history.replaceState(null, "", address(one));
    busy(true);
    clear();
    try {
      await Promise.all([book.part("python.js"), book.part("clean.js")]);
      const why = book.python.unfit();
      if (why) throw Error(why);
      const data = {source: one.code, arguments: one.arguments, precision: one.precision};
      show(one, await book.python.ask("trace", data, {packages: packages(one), say}));
    } catch (error) { say(error.message); }
    busy(false);
    tell();
  }

  // Run keeps the focus while it is of no use, so it is not disabled.
  function busy(on) {
    run.setAttribute("aria-disabled", on);
    button("stop").disabled = !on;
  }

  const fence = text => "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(run => run.length + 1)));
  const block = (kind, text) => `${fence(text)}${kind}\n${text.replace(/\n+$/, "")}\n${fence(text)}\n`;

  function markdown() {
    const one = shown ?? asked();
    const call = `Traced in ${one.precision}, with the arguments \`${one.arguments.replace(/\s+/g, " ")}\`:\n`;
    return [block("python", one.code), call, shown ? block("text", shown.text) : "(not run yet)\n",
      `[Trace it again](${address({code: one.code, arguments: one.arguments, precision: one.precision}).replace(/[()]/g, escape)})\n`].join("\n");
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

  example.addEventListener("change", () => {
    fill(examples.find(one => one.name === example.value));
    clear();
    say("");
  });
  form.addEventListener("input", event => { if (event.target !== example) tell(); });
  form.addEventListener("submit", event => {
    event.preventDefault();
    if (run.getAttribute("aria-disabled") !== "true") trace();
  });
  code.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  button("stop").addEventListener("click", () => { run.focus(); book.python?.stop(); });
  button("link").addEventListener("click", () => {
    history.replaceState(null, "", address(asked()));
    copy(location.href, "The link");
  });
  button("markdown").addEventListener("click", () => copy(markdown(), "The Markdown"));
  addEventListener("hashchange", fillFromAddress);
  fillFromAddress();
  tell();
})();
