// Python on WebAssembly that answers requests, one a line on stdin: {"module": "cells", "source":
// "..."} brings a module along, {"call": "cells.run", "on": ...} calls a function of it. Each reply
// is a line, {"value": ...} or {"error": "..."}.
// usage: node run.mjs FOLDER (with a whole Pyodide) SETTINGS (of Python's environment, as JSON)
import {resolve} from "node:path";
import {createInterface} from "node:readline";
import {pathToFileURL} from "node:url";

const [folder, settings] = process.argv.slice(2);
const home = resolve(folder);
const {loadPyodide} = await import(pathToFileURL(`${home}/pyodide.mjs`));
const quiet = {stdout: () => {}, stderr: () => {}};  // replies alone go to stdout
const python = await loadPyodide({indexURL: `${home}/`, env: JSON.parse(settings), ...quiet});
await python.loadPackage(["where-the-digits-go"], {messageCallback: () => {}});
// Beside the packages: what lies elsewhere is a reader's own to the tracer.
const beside = python.runPython("import sysconfig; sysconfig.get_path('purelib')");

function answer({module, source, call, on}) {
  if (module) {
    python.FS.writeFile(`${beside}/${module}.py`, source);
    return null;
  }
  const [name, callee] = call.split(".");
  python.globals.set("request", JSON.stringify(on ?? null));
  return JSON.parse(python.runPython(
    `import json, ${name}; json.dumps(${name}.${callee}(json.loads(request)))`));
}

for await (const line of createInterface({input: process.stdin})) {
  let reply;
  try {
    reply = {value: answer(JSON.parse(line))};
  } catch (error) {
    reply = {error: String(error.message ?? error)};
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
