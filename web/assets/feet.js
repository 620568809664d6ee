// Reports of problems (web/feet.py) carry the section that is linked or selected, and the words.
(() => {
  "use strict";
  const LONGEST = 300;  // characters that a report quotes
  let section = "", words = "";

  function write(links) {
    const known = {section: section || decodeURIComponent(location.hash.slice(1)), words};
    for (const link of links) {
      const address = new URL(link.href);
      for (const [field, text] of Object.entries(known)) {
        if (text) address.searchParams.set(field, text);
        else address.searchParams.delete(field);
      }
      link.href = address.href;
    }
  }

  function note(article) {
    const picked = getSelection(), start = picked.rangeCount ? picked.getRangeAt(0).startContainer : null;
    const within = start?.nodeType === Node.ELEMENT_NODE ? start : start?.parentElement;
    // A click on a report takes the selection away; what was selected before it still counts.
    if (picked.isCollapsed || !article.contains(within) || within.closest(".page-foot")) return false;
    section = within.closest("[id]")?.id ?? "";
    words = picked.toString().replace(/\s+/g, " ").trim().slice(0, LONGEST);
    return true;
  }

  function setUp() {
    const links = document.querySelectorAll(".page-report");
    const article = links[0]?.closest("article");
    if (!article) return;
    document.querySelector(".page-foot-hint").hidden = false;
    document.addEventListener("selectionchange", () => { if (note(article)) write(links); });
    addEventListener("hashchange", () => { section = words = ""; write(links); });
    write(links);
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", setUp);
  else setUp();
})();
