// Python on the page, started by the first question: book.python.ask(kind, data, {packages, say, part}).
// `say` is told what it does meanwhile, `part` what there is of an answer that takes its time; the
// event "pythonended" tells the document that all is forgotten.
// It runs in a worker of a sandboxed frame. The frame has an origin of its own, so neither page nor
// storage can be reached from it, and a policy that allows no request, so nothing leaves it.
// The page fetches Python's files and hands them over: those of the site, by name, and the packages
// that Pyodide's lock names, checked against its digests.
(() => {
  "use strict";

  const POLICY = "default-src 'none'; script-src 'nonce-frame' data: 'wasm-unsafe-eval'; worker-src data:";
  const FRAME = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<script nonce="frame">addEventListener("message", ({data, ports}) => {
  const worker = new Worker("data:text/javascript;charset=utf-8," + encodeURIComponent(data), {type: "module"});
  worker.onerror = event => parent.postMessage({fault: event.message || "the worker failed"}, "*");
  worker.postMessage("start", ports);
}, {once: true})<\/script>`;
  const PATIENCE = 20000;  // ms for an empty worker to come up

  let run = null, last = 0;

  // A sentence where this browser, or this address, cannot run Python; else nothing.
  function unfit() {
    if (location.protocol === "file:") {
      return "A page opened from a file cannot run Python: browsers refuse it the files that it needs. "
        + "Serve the folder (python -m http.server) or open the site on the web.";
    }
    if (typeof WebAssembly !== "object" || typeof Worker !== "function" || !("srcdoc" in document.createElement("iframe"))) {
      return "This browser cannot run Python: it has no WebAssembly or no workers.";
    }
    return "";
  }

  async function fetched(address, options) {
    let response;
    try { response = await fetch(address, options); } catch {
      throw Error(`${address.pathname.split("/").pop()} could not be fetched from ${address.host}: is there a network?`);
    }
    if (!response.ok) throw Error(`${address.host} answered ${response.status} for ${address.pathname.split("/").pop()}: reload the page.`);
    return response;
  }

  const mega = bytes => (bytes / 1e6).toFixed(bytes < 9.5e6 ? 1 : 0);
  const base64 = hex => btoa(hex.match(/../g).map(pair => String.fromCharCode(parseInt(pair, 16))).join(""));

  // What the worker may have: the site's own files for it, and the packages of the lock.
  class Files {
    constructor(list, tell) {
      [this.list, this.tell] = [list, tell];
      [this.open, this.got, this.whole] = [0, 0, 0];  // files that are coming, their bytes so far and in all
      [this.own, this.far, this.asked] = [{}, {}, new Set()];
      for (const name of [...list.core, ...list.archives]) this.own[name.split("/").pop()] = this.site(name);
      for (const one of Object.values(this.own)) one.catch(() => {});  // told to whoever asks
    }

    // What the server sends, counted as it comes. Packed files are unpacked here: not every server packs.
    async bytes(address, options, packed) {
      this.open++;
      try {
        const {body} = await fetched(address, options);
        const counted = body.pipeThrough(new TransformStream({transform: (chunk, out) => {
          this.got += chunk.length;
          this.tell();
          out.enqueue(chunk);
        }}));
        return await new Response(packed ? counted.pipeThrough(new DecompressionStream("gzip")) : counted).arrayBuffer();
      } finally {
        if (!--this.open) [this.got, this.whole] = [0, 0];
        this.tell();
      }
    }

    site(name) {
      const {versions, sizes} = this.list, packed = `${name}.packed` in sizes && typeof DecompressionStream === "function";
      const file = packed ? `${name}.packed` : name;
      this.whole += sizes[file];
      return this.bytes(book.address(file, versions), {}, packed);
    }

    get progress() { return this.open ? `Loading ${mega(Math.min(this.got, this.whole))} of ${mega(this.whole)} MB…` : ""; }

    get lock() {
      return this.own["pyodide-lock.json"].then(bytes => JSON.parse(new TextDecoder().decode(bytes)).packages);
    }

    // Let packages come, with what they need, while Python is starting.
    async ahead(names) {
      for (const name of names.filter(one => one in this.list.weights && !this.asked.has(one))) {
        this.asked.add(name);
        this.whole += this.list.weights[name];
      }
      for (const name of names.filter(one => this.list.more.includes(one) && !(one in this.own))) {
        this.own[name] = this.site(name);
        this.own[name].catch(() => { delete this.own[name]; });
      }
      const lock = await this.lock;
      for (const {file_name, depends} of names.map(name => lock[name]).filter(one => one && !(one.file_name in this.far))) {
        this.far[file_name] = this.package(file_name);
        this.far[file_name].catch(() => { delete this.far[file_name]; });  // who asks for it, tries again
        this.ahead(depends);
      }
    }

    async package(name) {
      const found = Object.values(await this.lock).find(one => one.file_name === name);
      if (!found) throw Error(`${name} is no file of Python's`);
      const address = new URL(name, new URL(this.list.wheels, book.root));
      return this.bytes(address, {integrity: `sha256-${base64(found.sha256)}`});
    }

    get(name) {
      if (this.list.more.includes(name)) this.own[name] ??= this.site(name);
      return (this.own[name] ?? this.far[name])?.then(bytes => bytes.slice(0)) ?? this.package(name);  // a copy to give away
    }
  }

  class Run {
    constructor(bare) {
      this.bare = bare;  // without NumPy, which could not come later
      this.waiting = new Map();
      this.loaded = new Set();  // the packages of what was answered
      this.version = "";
      this.frame = Object.assign(document.createElement("iframe"), {hidden: true, srcdoc: FRAME});
      this.frame.setAttribute("sandbox", "allow-scripts");
      const {port1, port2} = new MessageChannel();
      this.port = port1;
      this.port.onmessage = ({data}) => this.take(data);
      addEventListener("message", this.fault = ({source, data}) => {
        if (source === this.frame.contentWindow) this.fail(`Python could not be started (${data.fault}).`);
      });
      this.begun = new Promise(resolve => { this.begin = resolve; });  // when its files are asked for
      this.ready = this.start(port2);
      this.ready.catch(error => this.fail(error.message));
    }

    fail(sentence) { if (run === this) stop(sentence); }

    async start(port) {
      const list = await book.files();
      const code = await (await fetched(book.address("worker.js", list.versions))).text();
      this.files = new Files(list, () => this.report());
      this.begin();
      const open = new Promise(resolve => this.frame.addEventListener("load", resolve, {once: true}));
      document.body.append(this.frame);
      await open;
      this.clock = setTimeout(() => this.fail("Python could not be started: this browser lets no worker run in a sandbox."), PATIENCE);
      this.frame.contentWindow.postMessage(code, "*", [port]);
      const names = paths => paths.map(name => name.split("/").pop());
      this.port.postMessage({core: names(list.core), archives: names(list.archives)});
      await Promise.all(Object.values(this.files.own));
    }

    // What it does, for those who wait: shown, and not read aloud.
    get doing() { return this.files.progress || (this.up ? "Running…" : "Starting Python…"); }

    report() {
      if (this.doing !== this.said) this.say(this.said = this.doing);
    }

    say(text) { for (const one of this.waiting.values()) one.say?.(text); }

    async take(data) {
      if ("up" in data) { clearTimeout(this.clock); return; }
      if ("started" in data) {
        this.up = true;
        this.version = String(data.started).slice(0, 20);
        this.report();
        return;
      }
      if ("want" in data) {
        try {
          const bytes = await this.files.get(String(data.name));
          this.port.postMessage({got: data.want, bytes}, [bytes]);
        } catch (error) { this.port.postMessage({got: data.want, fault: error.message}); }
        return;
      }
      if ("fault" in data) { this.fail(String(data.fault).slice(0, 300)); return; }
      const one = this.waiting.get(data.id);
      if ("part" in data) {
        try { one?.part?.(JSON.parse(data.part)); } catch {}  // a stranger's word: it may be anything
        return;
      }
      this.waiting.delete(data.id);
      for (const name of one?.packages ?? []) this.loaded.add(name);
      try { one?.resolve(JSON.parse(data.answer)); } catch { one?.reject(Error("Python gave no answer.")); }
    }

    ask(kind, data, packages, {say, part}) {
      return new Promise((resolve, reject) => {
        this.waiting.set(++last, {resolve, reject, say, part, packages});
        const id = last;
        this.begun.then(() => this.files.ahead(packages)).catch(() => {});  // told by what fails then
        this.ready.then(() => {
          say?.(this.doing);
          this.port.postMessage({id, kind, data: JSON.stringify(data), packages});
        }, () => {});
      });
    }

    end(error) {
      clearTimeout(this.clock);
      removeEventListener("message", this.fault);
      this.port.close();
      this.frame.remove();  // and with it the worker, whatever it does
      for (const one of this.waiting.values()) one.reject(error);
    }
  }

  // Answers come in the order of the questions; a stop, or a Python that ended, rejects all of them.
  function ask(kind, data, {packages = [], ...told} = {}) {
    const why = unfit();
    if (why) return Promise.reject(Error(why));
    if (run?.bare && packages.length) stop("Python starts anew, with NumPy.");
    run ??= new Run(!packages.length);
    return run.ask(kind, data, packages, told);
  }

  function stop(sentence = "Stopped. The next run starts Python anew.") {
    const ended = run;
    run = null;
    ended?.end(Error(sentence));
    if (ended) document.dispatchEvent(new CustomEvent("pythonended"));
  }

  const has = name => run?.loaded.has(name) ?? false;

  book.python = {ask, stop, unfit, has, get running() { return run !== null; }, get version() { return run?.version ?? ""; }};
})();
