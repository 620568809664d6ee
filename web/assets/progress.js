// Where a reader is: the contents mark the last heading above the upper third of the window, in both
// directions, and a line at the top shows how much of the page lies above.
(() => {
  "use strict";

  function setUp() {
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
