// Wide formulas and tables can be scrolled with the keyboard, and print shows what is folded.
(() => {
  const reach = () => document.querySelectorAll(".formula, .cell_output table, .pst-scrollable-table-container")
    .forEach(box => { if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0; });
  addEventListener("load", reach);
  addEventListener("resize", reach);
})();
