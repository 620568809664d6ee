// The self-test (web/quiz.py): says with which chapter to begin, from the questions that were missed.
document.addEventListener("predicted", ({detail: questions}) => {
  const said = document.querySelector(".begin-said");
  if (!said) return;
  const places = questions.map(one => [one, document.querySelector(".begin > .for-" + CSS.escape(one.data.cell))]);
  const open = questions.filter(one => one.guess === undefined).length;
  const missed = places.filter(([one]) => one.guess !== undefined && !one.right);
  for (const [one, place] of places) place.classList.toggle("is-known", one.guess !== undefined && one.right);
  if (open === questions.length) said.textContent = "";
  else if (missed.length) {
    const first = missed[0][1].querySelector("a").cloneNode(true);
    said.replaceChildren("Begin with ", first, open ? `, as it stands; ${open} questions are open.` : ".");
  } else said.textContent = open ? `None missed so far; ${open} questions are open.`
    : "You missed none: begin wherever you like.";
});
