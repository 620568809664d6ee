// What does not fit its box can be scrolled with the keyboard; print unfolds what is folded.
(() => {
  const boxes = ".formula, .cell_output table, .lib-trace, .lib-report, .lib-explore-picture, table.table, pre";
  const reach = () => {
    const wide = [...document.querySelectorAll(boxes)].map(box => [box, box.scrollWidth > box.clientWidth + 1]);
    for (const [box, scrolls] of wide) {
      if (scrolls) box.tabIndex = 0;
      else if (box.tabIndex === 0) box.removeAttribute("tabindex");
    }
  };
  // The width of the text changes with the window, the sidebars and, at first, with the fonts.
  addEventListener("load", () => new ResizeObserver(reach).observe(document.querySelector("main")));
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll(".bd-article details:not([open])")) fold.open = true;
  });
})();
