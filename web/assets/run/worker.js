// Python, apart from the page: without an address, a storage or a network of its own (python.js sees
// to that). Its files come from the page by name; questions and answers are JSON, as in shell.py.
// What it sends is a stranger's word, for the code that a reader runs can send the same.
"use strict";

let port, python, shell, asked = 0, trouble = "", state = "Python could not be started: ";
const waiting = new Map(), loaded = new Set();

const get = name => new Promise((resolve, reject) => {
  waiting.set(++asked, {resolve, reject});
  port.postMessage({want: asked, name});
});

// A module from its text: no other address can be imported here, and WebKit reads no blob.
const module = async name =>
  import("data:text/javascript;charset=utf-8," + encodeURIComponent(new TextDecoder().decode(await get(name))));

// Pyodide fetches what it needs by address.
self.fetch = async address => {
  const name = new URL(address).pathname.split("/").pop();
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(await get(name), {headers: {"Content-Type": type}});
};

async function start({core, archives}) {
  const inside = core.find(name => name.startsWith("pyodide.asm.") && name.endsWith("js"));
  const [{loadPyodide}, made, ...zips] = await Promise.all([
    module("pyodide.mjs"), module(inside), ...archives.map(get)]);
  python = await loadPyodide({indexURL: "https://python.invalid/", createPyodideModule: made.default,
    stdin: () => undefined, stdout: () => {}, stderr: () => {}});
  zips.forEach(install);
  port.postMessage({started: python.runPython("import sys; sys.version.split()[0]")});
}

// What lies among the installed packages is no code of the reader's.
function install(zip) {
  python.unpackArchive(zip, "zip", {extractDir: python.runPython("import site; site.getsitepackages()[0]")});
}

// A package of Pyodide's, or an archive of the site's own. Pyodide tells a failure to a callback.
async function load(name) {
  if (loaded.has(name)) return;
  if (name.endsWith(".zip")) install(await get(name));
  else await python.loadPackage(name, {messageCallback: () => {}, errorCallback: () => {}});
  if (!name.endsWith(".zip") && !(name in python.loadedPackages)) throw Error(trouble || `${name} could not be loaded`);
  loaded.add(name);
}

async function answer({id, kind, data, packages}) {
  state = "";
  for (const name of packages) await load(name);
  shell ??= python.pyimport("shell");
  state = "Python ended: ";
  port.postMessage({id, answer: shell.answer(kind, data, part => port.postMessage({id, part}))});
}

// One question after the other, and none before Python is there.
let turn = Promise.resolve();
const next = (act, message) => {
  turn = turn.then(() => act(message)).catch(error =>
    port.postMessage({fault: state + String(error?.message ?? error)}));
};

self.onmessage = ({ports}) => {
  port = ports[0];
  port.onmessage = ({data}) => {
    if ("got" in data) {
      const {resolve, reject} = waiting.get(data.got);
      waiting.delete(data.got);
      if (data.fault) reject(Error(trouble = data.fault)); else resolve(data.bytes);
    } else next(data.core ? start : answer, data);
  };
  port.postMessage({up: true});
};
