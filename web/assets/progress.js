// Where a reader is: the contents mark the last heading above the upper third of the window, in both
// directions, and a line at the top shows how much of the page lies above. The section of a chapter
// that was read last is kept in this browser, under "place", so that the first page can lead back.
(() => {
  "use strict";

  const chapter = () => document.querySelector(".prediction-switch[data-what=prediction]")?.dataset.page;

  function keep(page, link) {
    const title = link.cloneNode(true);
    for (const one of title.querySelectorAll(".katex-html, annotation, .beyond-mark")) one.remove();
    const place = {page, id: decodeURIComponent(link.hash.slice(1)), title: title.textContent.replace(/\s+/g, " ").trim()};
    try { localStorage.setItem("place", JSON.stringify(place)); } catch {}  // a browser may refuse its storage
  }

  function setUp() {
    const page = chapter();
    const links = [...document.querySelectorAll("#page-contents a.nav-link")]
      .filter(link => !link.closest(".toc-h3"));
    const places = links.map(link => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const article = document.querySelector(".bd-article");
    if (!article) return;
    const line = document.createElement("div");
    line.className = "progress-line";
    document.body.append(line);
    let here, asked;

    function mark() {
      asked = false;
      const now = places.findLastIndex(place => place && place.getBoundingClientRect().top < innerHeight / 3);
      const box = article.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, -box.top / Math.max(1, box.height - innerHeight)));
      line.style.transform = `scaleX(${share})`;
      if (now === here) return;
      links[here]?.removeAttribute("aria-current");
      links[now]?.setAttribute("aria-current", "true");
      here = now;
      if (page && links[now]) keep(page, links[now]);
    }

    addEventListener("scroll", () => {
      if (!asked) requestAnimationFrame(mark);
      asked = true;
    }, {passive: true});
    addEventListener("resize", mark);
    mark();
  }
  addEventListener("load", setUp);
})();
