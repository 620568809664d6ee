"""Say what was asked of a matrix, what was measured, and to which solver that leads."""

import html
from dataclasses import dataclass, replace
from math import floor, log10

import numpy as np

from lib.numbers import unit_roundoff

ASKED = {
    "numbers": "Are all elements finite numbers?",
    "shape": "As many equations as unknowns?",
    "independent": "Are the columns independent?",
    "zeros": "Is it triangular?",
    "scale": "Are rows and columns of like size?",
    "symmetric": "Is it symmetric?",
    "definite": "Does Cholesky's method accept it?",
    "growth": "Do elements stay small in elimination?",
    "condition": "Does rounding leave a digit?",
    "sparse": "Is it large and nearly empty?",
    "residual": "Is the backward error small?",
}
REASONS = {
    "substitution": "each row gives one more unknown, nothing is to be factored",
    "cholesky": "symmetric and accepted, so half the work, and no pivoting",
    "cg": "symmetric, accepted and nearly empty, so products alone: factors would fill the zeros",
    "lu": "nothing special to use, so elimination with partial pivoting",
    "lu_complete": "elements grow under partial pivoting, so the largest of all becomes the pivot",
    "least_squares": "more equations than unknowns, so Householder's QR, and no Gram matrix",
    "truncated_least_squares": "the unknowns are not determined, or nearly not, so the shortest "
                               "solution",
    "none": "no digit is promised in any units that were tried",
}
CALLS = {
    "substitution": "forward_substitution(A, b) or back_substitution(A, b)",
    "cholesky": "L = cholesky(A) once, then two substitutions for each b",
    "cg": "cg(A, b, preconditioner=incomplete_cholesky(A)), or a sparse Cholesky factor",
    "lu": "factors = lu(A) once, then factors.solve(b) for each b",
    "lu_complete": "factors = lu_complete(A) once, then factors.solve(b) for each b",
    "least_squares": "least_squares(A, b)",
    "truncated_least_squares": "truncated_least_squares(A, b), whose cutoff compares the columns "
                               "in the units in which they are given",
    "none": "ask where the dependence comes from: equal rows, a constant column, more features "
            "than samples",
}
SMALLER = ("truncated_least_squares(A, b) takes the shortest x, ridge(A, b, lam) a short one: each "
           "adds an assumption")


@dataclass(frozen=True)
class Question:
    """One question to a matrix: its key, "yes" or "no", and what was measured for that."""

    key: str
    answer: str
    measured: str

    @property
    def asked(self):
        """Return the question in words."""
        return ASKED[self.key]


@dataclass(frozen=True, eq=False)
class Advice:
    """Which solver to take for a matrix, and why: what `advise` returns.

    Attributes
    ----------
    method : str
        A function of this room; "substitution" stands for two of them, "none" for a refusal.
    digits : int or None
        How many decimal digits of the largest unknown to expect, about, if the data are exact.
        With b, of the largest element of x, in the units in which A and b are given. Without b, of
        y = 2**columns x, if columns were scaled, for then `.scaled` is true. It is -log10(u kappa),
        rounded down, and fewer where the units of x make it so. 0 for less than one, and for a
        refusal; None where nothing was measured.
    kappa : float or None
        The condition number of what was solved, after scaling; inf for an exactly singular matrix.
    questions : tuple of Question
        In the order in which they were asked.
    next_steps : tuple of str
        What to do, in words.
    backward_error : float or None
        That of x or, without b, of the solution for a right-hand side made here.
    x : ndarray, shape (n,), or None
        The solution for b; None without b, for a refusal, and where lib has no solver.
    scaled : bool
        Whether the digits are those of unknowns in scaled units.
    """

    method: str
    digits: int | None
    kappa: float | None
    questions: tuple
    next_steps: tuple
    backward_error: float | None = None
    x: np.ndarray | None = None
    scaled: bool = False

    @property
    def headline(self):
        """Return the choice and its reason in one line."""
        digits = f"about {self.digits} digit{'s' * (self.digits != 1)}" if self.digits else (
            "digits unknown" if self.digits is None else "less than one digit")
        digits += " of the largest scaled unknown" * self.scaled
        choice = "no solver" if self.method == "none" else f"{self.method}, {digits}"
        return f"{choice}: {REASONS[self.method]}"

    def __repr__(self):
        width = max(len(question.asked) for question in self.questions)
        rows = [f"  {question.asked:<{width}}  {question.answer:<3}  {question.measured}"
                for question in self.questions]
        return "\n".join([self.headline, *rows, *(f"  next: {step}" for step in self.next_steps)])

    def _repr_html_(self):
        style = 'style="text-align:left;padding:0.2em 1.2em 0.2em 0;border:0"'
        head = "".join(f'<th scope="col" {style}>{text}</th>'
                       for text in ("question", "answer", "measured"))
        rows = "".join(
            f'<tr><th scope="row" {style}>{html.escape(question.asked)}</th>'
            f"<td {style}><strong>{question.answer}</strong></td>"
            f"<td {style}>{html.escape(question.measured)}</td></tr>"
            for question in self.questions)
        steps = "".join(f"<li>{html.escape(step)}</li>" for step in self.next_steps)
        return ('<div class="lib-report"><table style="border-collapse:collapse;margin:0">'
                '<caption style="caption-side:top;text-align:left;color:inherit">'
                f"{html.escape(self.headline)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
                f"<p>Next:</p><ul>{steps}</ul></div>")


def answered(key, yes, measured):
    """Return a question with its answer, "yes" if that is true in any sense."""
    return Question(key, "yes" if yes else "no", measured)


def digits_left(kappa, dtype):
    """Return how many decimal digits a condition number leaves, from 0 up.

    Examples
    --------
    >>> digits_left(1e10, np.float64), digits_left(1e10, np.float32)
    (5, 0)
    """
    lost = max(1.0, float(kappa)) * unit_roundoff(dtype)
    return floor(-log10(lost)) if lost < 1 else 0


def refusal(questions, kappa):
    """Return the advice not to solve, with what to do instead."""
    return Advice("none", 0, float(kappa), tuple(questions), (CALLS["none"], SMALLER))


def leaves_digits(kappa, n, dtype, questions):
    """Ask whether a condition number is at most 1 / (n u), and return whether it is."""
    limit = 1 / (n * unit_roundoff(dtype))
    left = kappa <= limit
    said = ", which leaves less than one" * (digits_left(kappa, dtype) == 0)
    questions.append(answered("condition", left, f"condition number about {kappa:.0e}{said}" if left
                              else f"condition number above 1 / (n u) = {limit:.0e}"))
    return bool(left)


def in_given_units(advice, system, y, separate=False):
    """Return advice with the digits of x in its units, and what to say where these lose some.

    Those of y, the solution of a `ScaledSystem`, are what the condition number leaves. Of separate
    unknowns each has an error of its own size, in any units.
    """
    digits = digits_left(advice.kappa * system.magnified(y, advice.x, separate), y.dtype)
    steps = (f"{advice.digits} digits are there in the scaled units: in those of x the rounding of "
             "b, or of x, takes the others",) * (digits < advice.digits)
    steps += ("elements of b far below the others became 0: solve for them alone",) * system.emptied
    scaled = advice.x is None and not separate and bool(np.ptp(system.columns) > 3)
    return replace(advice, digits=digits, next_steps=advice.next_steps + steps, scaled=scaled)


def small_residual(error, allowed, questions, said):
    """Ask whether a backward error is as small as allowed, and return what to do if it is not."""
    small = error <= allowed
    questions.append(answered("residual", small, f"below {said} = {allowed:.0e}" if small else
                              f"{error:.0e}, above {said} = {allowed:.0e}"))
    return () if small else ("x = refine(A, b, x), and measure the backward error again",)
