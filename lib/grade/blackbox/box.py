"""Ask a member of a family, and judge the input that is to break it."""

from lib.grade.counterexamples import check_counterexample
from lib.grade.report import attempt
from lib.grade.variants import instances

BUDGET = 30


class Spent(RuntimeError):  # noqa: N818  no fault, and the end of a task
    """The budget of queries is used up."""


def family(topic):
    """Return the family of a topic.

    Raises
    ------
    ValueError
        If a topic has none; the message names those that have.

    Examples
    --------
    >>> family("cancellation").above
    1e-08
    """
    from lib.grade.blackbox.sums import SUMS
    from lib.grade.blackbox.systems import SYSTEMS

    known = SUMS | SYSTEMS
    if topic not in known:
        raise ValueError(f"there is no black box for {topic!r}: choose {', '.join(sorted(known))}")
    return known[topic]


def member_of(topic, number=""):
    """Return the member that a number draws: what answers, and what a key says of it.

    Examples
    --------
    >>> member_of("cancellation", "ada") == member_of("cancellation", "ada")
    True
    """
    return family(topic).draw(instances(30, f"black box/{topic}/{number}"))


class Box:
    """A routine that is asked, at most so often.

    Parameters
    ----------
    topic : str
    number : str
        The student's variant, or an instructor's seed: it draws the member.
    budget : int

    Attributes
    ----------
    log : list of (input, answer)
        What was asked. It lies in the memory of whoever asks: evidence, no proof.

    Examples
    --------
    >>> ask = Box("cancellation", "ada", budget=2)
    >>> abs(ask(0.5) - 0.4896697524) < 1e-9, ask.left
    (True, 1)
    >>> [ask(0.25) < 0.5, ask.left]
    [True, 0]
    >>> ask(0.125)
    Traceback (most recent call last):
    lib.grade.blackbox.box.Spent: all 2 queries are used: hand in an input
    """

    def __init__(self, topic, number="", budget=BUDGET):
        self.topic, self.budget, self.log = topic, budget, []
        self._family, self._member = family(topic), member_of(topic, number)

    @property
    def left(self):
        """How many queries are left."""
        return self.budget - len(self.log)

    @property
    def task(self):
        """What the routine is for, and what counts as broken."""
        return self._family.task

    def __call__(self, given):
        """Return the routine's answer; an input that it cannot take costs nothing."""
        if self.left < 1:
            raise Spent(f"all {self.budget} queries are used: hand in an input")
        x = self._family.read(given)
        found = self._family.answer(self._member[0], x)
        self.log.append((x, found))
        return found

    def __repr__(self):
        return f"a black box for {self.topic}: {len(self.log)} of {self.budget} queries used"


def check_broken(topic, given, number=""):
    """Judge an input that is to break a member, anew: nothing of the queries is used.

    Parameters
    ----------
    topic : str
    given : object
        The input, as `Box` takes it; an Ellipsis is not attempted.
    number : str

    Returns
    -------
    Report
        Of one case, which breaks the routine or does not, or is not admitted.

    Examples
    --------
    >>> check_broken("cancellation", 0.5, "ada")
    the black box: does not break
      0.5  does not break  1.13e-16 is the relative error, wanted above 1e-08
    """
    kind, (member, _) = family(topic), member_of(topic, number)

    def may(is_met):
        return lambda x: is_met(kind.read(x))

    def fault(x):
        return attempt(lambda: kind.read(x) is None, str) or True

    return check_counterexample(
        given if given is Ellipsis or given is None else (given,),
        lambda x: kind.error(kind.answer(member, kind.read(x)), kind.read(x)),
        above=kind.above, unit="is the relative error", name="the black box",
        valid={"": fault} | {asked: may(is_met) for asked, is_met in kind.admits.items()})
