// Search as you type (web/search.py): what it needs is loaded when somebody turns to a search field.
(() => {
  "use strict";
  const VERSION = "";  // the build writes it
  let loading;

  const address = name => `${document.documentElement.dataset.content_root}_static/${name}${VERSION}`;

  function load() {
    const sheet = Object.assign(document.createElement("link"), {rel: "stylesheet", href: address("finder.css")});
    const script = Object.assign(document.createElement("script"), {src: address("finder.js")});
    const done = new Promise((fine, failed) => {
      script.onload = fine;
      script.onerror = failed;
    });
    document.head.append(sheet, script);
    return done;
  }

  function setUp(form) {
    loading ??= load();
    loading.then(() => window.finder.attach(form), () => {
      const said = Object.assign(document.createElement("p"), {role: "status",
        textContent: "The search could not be loaded. Load this page again to try once more."});
      form.after(said);
    });
  }

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("pst-search-dialog")?.setAttribute("aria-label", "Search");
    for (const form of document.querySelectorAll("form.bd-search")) {
      if (!form.closest("dialog")) setUp(form);  // the search page
      else form.addEventListener("focusin", () => setUp(form), {once: true});
    }
  });
})();
