// Fit each sheet on its page: letters a little smaller; then the last of what can be spared goes.
// Once more when the letters of formulas are there, which are wider than those in their place.
const fit = sheet => {
  const over = () => sheet.scrollHeight > sheet.clientHeight + 1;
  let size = parseFloat(sheet.dataset.size ?? 10.5);
  const shrink = least => { while (over() && size > least) sheet.style.fontSize = `${size -= 0.25}pt`; };
  shrink(9);
  const spare = [...sheet.querySelectorAll(".spare:not(.is-spared)")];
  while (over() && spare.length) spare.pop().classList.add("is-spared");
  shrink(8);
  sheet.dataset.size = size;
  sheet.dataset.full = over();
};
const sheets = document.querySelectorAll(".sheet");
sheets.forEach(fit);
document.fonts.ready.then(() => sheets.forEach(fit));
