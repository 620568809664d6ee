"""The shared code of the course *Where the Digits Go*, in rooms that follow the book's parts.

numbers (formats, sums, stable formulas, measures of error), linear (systems, factors, the SVD),
gradients (derivatives of programs) and calculus (interpolation, integrals) compute; problems holds
data and matrices with known answers; digits traces where digits go; grade judges a reader's answer;
page shows it all in a chapter.

Each room has one door, its `__init__`: import from there, ``from lib.linear import solve``. What
the door does not export is private. Rooms lie in layers: numbers < linear < gradients, calculus;
problems and digits stand on numbers alone, grade on all of these, and page is for chapters.
"""
