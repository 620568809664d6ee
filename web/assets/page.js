// What does not fit its box can be scrolled with the keyboard; print shows all that is folded, and a
// link into a fold opens it.
(() => {
  const boxes = ".formula, .cell_output > .output, .cell_output table, .lib-trace, .lib-report, .lib-explore-picture, table.table, pre";
  const reach = wide => {
    for (const [box, scrolls] of wide) {
      if (scrolls) box.tabIndex = 0;
      else if (box.tabIndex === 0) box.removeAttribute("tabindex");
    }
  };
  // A box is seen when it is laid out, which far below the window is not yet, and when its width changes.
  const sizes = new ResizeObserver(seen => {
    reach(seen.map(({target}) => [target, target.scrollWidth > target.clientWidth + 1]));
  });
  const watch = () => {
    sizes.disconnect();
    for (const box of document.querySelectorAll(boxes)) sizes.observe(box);
  };
  addEventListener("load", () => {
    watch();
    document.fonts.ready.then(watch);  // letters of another width leave the box as it was
  });
  // A link leads to the cell, which stands around its fold, or to something inside a fold.
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    const own = target.matches(".cell") ? [...target.querySelectorAll(":scope > details")] : [];
    for (let one = target; one; one = one.parentElement) if (one.localName === "details") own.push(one);
    const folded = own.filter(fold => !fold.open);
    for (const fold of folded) fold.open = true;
    if (folded.length) target.scrollIntoView();
  };
  addEventListener("DOMContentLoaded", unfold);
  addEventListener("hashchange", unfold);
  // "Back to top" comes when a reader scrolls up, and stands over the page: it goes when that is touched.
  addEventListener("pointerdown", ({target}) => {
    const back = document.getElementById("pst-back-to-top");
    if (back && !back.contains(target)) back.style.display = "none";
  });
  // On paper all is unfolded, in dark ink; afterwards the page is as it was.
  const root = document.documentElement.dataset;
  let folds = [], theme = root.theme;
  addEventListener("beforeprint", () => {
    folds = [...document.querySelectorAll(".bd-article details:not([open])")];
    for (const fold of folds) fold.open = true;
    [theme, root.theme] = [root.theme, "light"];
  });
  addEventListener("afterprint", () => {
    for (const fold of folds) fold.open = false;
    root.theme = theme;
  });
})();
