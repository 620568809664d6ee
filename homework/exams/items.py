"""What an item of an exam is, and how one is drawn from a seed.

A bank holds the items of a chapter. Each is a function of a source of random numbers, which draws
the numbers, lets `lib` or exact fractions compute the answer, and returns a draft: options with
the misconception behind each wrong one, or a number to fill in.
"""

import random
import textwrap
from dataclasses import dataclass, field, replace

KINDS = {"predict": "Predict the digits", "read": "Read a trace", "judge": "Judge two answers",
         "cost": "Count a cost"}
# What the written part earns, after the one point for the choice or the number.
REASONS = {
    "predict": ((1, "The rule that gives it, with these numbers."),),
    "read": ((1, "Why this line, in one sentence: what it does to the errors it is given."),),
    "judge": ((1, "What the numbers prove, and of which answer."),
              (1, "When the other answer would do, or what to do next.")),
    "cost": ((1, "The count, step by step or by its leading term."),),
}
MINUTES = {"predict": 3, "read": 4, "judge": 6, "cost": 3}
TRIES = 100  # draws before an item is called faulty


class Collision(ValueError):  # noqa: N818  a draw to be made again
    """A draw in which a wrong option equals another option."""


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from; the key has no misconception."""

    text: str
    misconception: str = ""


@dataclass(frozen=True)
class Item:
    """One question with its key.

    Attributes
    ----------
    name, topic, kind : str
        A word of its own, the chapter, one of KINDS; no kind in a survey, which is not marked.
    place : int
        The number that it has wherever it is printed; 0 is its place in the list.
    outcome, minutes : int
        Number of the chapter's outcome that it assesses, and the time it takes.
    stem, listing : str
        The question, and what is shown below it in a typewriter's letters.
    options : tuple of Option
        Empty where a number is to be filled in.
    number, within : float
        The number, and how far an answer may lie from it.
    ran : tuple of float
        What programs gave for the number, where the key tells it: all within.
    unit, why : str
        What stands behind the blank; the reason for the key, with these numbers.
    marks : tuple of (int, str)
        Points, and what earns them.
    """

    name: str
    stem: str
    why: str
    options: tuple = ()
    number: float = 0.0
    within: float = 0.0
    ran: tuple = ()
    unit: str = ""
    listing: str = ""
    topic: str = ""
    kind: str = "predict"
    place: int = 0
    outcome: int = 1
    minutes: int = 3
    marks: tuple = field(default=())

    @property
    def key(self):
        """Return the place of the right option, from 0."""
        return next(at for at, one in enumerate(self.options) if not one.misconception)

    @property
    def letter(self):
        """Return the letter of the right option."""
        return "ABCDEFGH"[self.key]

    def heading(self, at):
        """Return number and kind, as they stand above the question and above its key."""
        number = self.place or at
        return f"{number}. {KINDS[self.kind]}" if self.kind else f"Question {number}"

    @property
    def points(self):
        """Return the sum of the points."""
        return sum(points for points, _ in self.marks)


def choose(rng, stem, right, wrong, why, listing=""):
    """Return a draft with options in a drawn order.

    Parameters
    ----------
    wrong : sequence of (text, misconception)

    Raises
    ------
    Collision
        If two options are the same text.
    """
    options = [Option(right), *(Option(*one) for one in wrong)]
    texts = [one.text.strip().lower() for one in options]
    if len(set(texts)) < len(texts):
        raise Collision(f"two options are the same: {texts}")
    rng.shuffle(options)
    return Item("", stem, why, options=tuple(options), listing=listing)


def fill(stem, number, why, within=0.0, unit="", listing="", ran=()):
    """Return a draft that asks for a number; digits are counted in whole ones.

    Parameters
    ----------
    ran : sequence of float
        What programs gave for it, in the unit of the number.

    Raises
    ------
    Collision
        If one of these would be marked wrong.
    """
    number, within, ran = float(number), float(within), tuple(map(float, ran))
    if unit == "digits":
        number = float(round(number))
    for one in ran:
        if not abs(one - number) <= within:
            raise Collision(f"a program gives {one:.6g}, the key says {number:.6g} ± {within:.2g}")
    return Item("", stem, why, number=number, within=within, unit=unit, listing=listing, ran=ran)


def judge(rng, stem, one, two, right, wrong, why, ask="Which one do you ship, and why?"):
    """Return a draft on two answers, which are called X and Y by chance.

    `one` and `two` say what was done and what came out; texts call them @1 and @2.
    """
    names = {"@1": "X", "@2": "Y"} if rng.random() < 0.5 else {"@1": "Y", "@2": "X"}
    def named(text):
        for mark, letter in names.items():
            text = text.replace(mark, letter)
        return text
    rows = sorted(textwrap.fill(named(mark) + "  " + what, 88, subsequent_indent="   ",
                                replace_whitespace=False, break_on_hyphens=False)
                  for mark, what in (("@1", one), ("@2", two)))
    return choose(rng, f"{stem} {ask}", named(right),
                  [(named(text), thought) for text, thought in wrong], named(why),
                  "\n".join(rows))


def among(rng, stem, claims, right, why, listing=""):
    """Return a draft with options of which the numbers make another one right each time.

    Parameters
    ----------
    claims : sequence of (text, misconception)
        The second says what somebody believes who takes it where it is wrong.
    right : int
        The place of the one that is right here.
    """
    wrong = [claim for at, claim in enumerate(claims) if at != right]
    return choose(rng, stem, claims[right][0], wrong, why, listing)


def weigh(rng, stem, one, two, claims, right, why, ask="Which one do you ship, and why?"):
    """Return a draft on two answers, as `judge` does, with claims as those of `among`."""
    wrong = [claim for at, claim in enumerate(claims) if at != right]
    return judge(rng, stem, one, two, claims[right][0], wrong, why, ask)


def verdict(one, two):
    """Return the place of the right claim: 0 for @2 alone, 1 for either, 2 for neither.

    Parameters
    ----------
    one, two : bool
        Whether @1 will do, and @2.

    Raises
    ------
    Collision
        If @1 alone will do.
    """
    if one and not two:
        raise Collision("the first answer is the better one here")
    return 1 if one else 0 if two else 2


class Bank:
    """The items of a chapter, in the order of an exam."""

    def __init__(self, topic):
        self.topic, self.items = topic, {}

    def item(self, kind, outcome, minutes=None):
        """Return a decorator that takes a function into the bank."""
        def take(function):
            row = {"kind": kind, "outcome": outcome, "minutes": minutes or MINUTES[kind],
                   "name": function.__name__, "topic": self.topic,
                   "marks": ((1, "The answer of the key."), *REASONS[kind])}
            self.items[function.__name__] = (function, row)
            return function
        return take

    def draw(self, name, seed):
        """Return an Item with the numbers of a seed."""
        function, row = self.items[name]
        for turn in range(TRIES):
            rng = random.Random(f"{self.topic} {name} {seed}" + f" again {turn}" * bool(turn))
            try:
                return replace(function(rng), **row)
            except Collision as fault:
                last = fault
        raise last

    def chosen(self, count):
        """Return the names of so many items: of each kind in turn, in the order of the kinds."""
        left = {kind: [name for name, (_, row) in self.items.items() if row["kind"] == kind]
                for kind in KINDS}
        taken = []
        while len(taken) < count and any(left.values()):
            taken += [names.pop(0) for names in left.values() if names]
        place = {name: list(KINDS).index(row["kind"]) for name, (_, row) in self.items.items()}
        return sorted((name for name in self.items if name in taken[:count]), key=place.get)

    def exam(self, seed, count=10):
        """Return the items of an exam."""
        return [self.draw(name, seed) for name in self.chosen(count)]
