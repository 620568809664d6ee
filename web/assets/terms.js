// Terms (web/terms.py): the definition stands at its link while that is pointed at or has the focus.
// The pointer may move onto the definition; Escape puts it away.
(() => {
  "use strict";
  const WAIT = 200;  // milliseconds: a pointer that only passes shows nothing
  let link, note, timer;

  function place() {
    const box = link.getClientRects()[0], edge = document.documentElement.clientWidth;
    const room = box.top - note.offsetHeight - 6;
    const below = box.bottom + note.offsetHeight + 6 <= innerHeight || room < 0;
    note.style.top = `${below ? box.bottom + 4 : room}px`;
    note.style.left = `${Math.max(8, Math.min(box.left, edge - note.offsetWidth - 8))}px`;
  }

  function show(one) {
    hide();
    link = one;
    note = noteOf(one);
    note.classList.add("is-shown");
    place();
  }

  function hide() {
    clearTimeout(timer);
    note?.classList.remove("is-shown");
    link = note = undefined;
  }

  function later(act) {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  }

  const noteOf = one => document.getElementById("note-" + decodeURIComponent(one.hash.slice(1)));

  function setUp() {
    for (const one of document.querySelectorAll('.bd-article a[href*="glossary.html#term-"]')) {
      const own = noteOf(one);
      if (!own) continue;
      one.setAttribute("aria-describedby", own.id);
      one.addEventListener("pointerenter", event => {
        if (event.pointerType === "mouse") later(() => show(one));
      });
      one.addEventListener("pointerleave", () => later(hide));
      one.addEventListener("focus", () => { if (one.matches(":focus-visible")) show(one); });
      one.addEventListener("blur", hide);
      own.onpointerenter = () => clearTimeout(timer);
      own.onpointerleave = () => later(hide);
    }
    addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
    addEventListener("resize", hide);
    addEventListener("scroll", () => { if (note) place(); }, {passive: true});
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", setUp);
  else setUp();
})();
