// What few readers need of a page comes when it is asked for: book.part("python.js") fetches a script
// of web/assets/run once. The list of those files, files.json, is asked anew on every page; it names a
// version for each, so that all else may stay in a browser's cache.
(() => {
  "use strict";
  const root = new URL("run/", document.currentScript.src), parts = new Map();
  let list;

  async function ask(place) {
    if (place.protocol === "file:") throw Error("A browser reads no list from a file.");
    return fetch(place, {cache: "no-cache"});
  }

  function files() {
    list ??= ask(new URL("files.json", root)).then(response => {
      if (!response.ok) throw Error(`${root.host} answered ${response.status} for files.json: reload the page.`);
      return response.json();
    });
    list.catch(() => { list = undefined; });
    return list;
  }

  function address(name, versions) {
    const found = new URL(name, root);
    if (versions[name]) found.searchParams.set("v", versions[name]);
    return found;
  }

  async function load(name) {
    const versions = await files().then(found => found.versions, () => ({}));  // from a file there are none
    const script = Object.assign(document.createElement("script"), {src: address(name, versions)});
    await new Promise((resolve, reject) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(Error(`${name} could not be fetched: reload the page.`)));
      document.head.append(script);
    });
  }

  function part(name) {
    if (!parts.has(name)) {
      parts.set(name, load(name));
      parts.get(name).catch(() => parts.delete(name));
    }
    return parts.get(name);
  }

  window.book = {address, files, part, root};
  if (document.querySelector("form.tracing")) part("trace.js");
})();
