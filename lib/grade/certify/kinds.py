"""What a kind of routine promises, and the cases that try it, written as code that can be copied.

A trial is the text of a line of NumPy. The same text is run to judge a routine and printed in the
script that reproduces its worst case, so that the two cannot differ.
"""

import re
import types
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

DTYPES = {"float64": np.float64, "float32": np.float32}


def always(result, bad):
    """Return True: the premise of what may be said wherever its trial fails."""
    return True


@dataclass(frozen=True)
class Fault:
    """A likely fault, and what must be seen of a routine for it to be said.

    Attributes
    ----------
    said : str
        A sentence, or two.
    when : callable
        ``when(result, bad)`` returns whether a failed `Result` fits; bad has all failed ones by
        the name of their trial.
    chapter : str
        Where it is explained; that of the trial, or of the kind, if empty.
    """

    said: str
    when: Callable = always
    chapter: str = ""


@dataclass(frozen=True)
class Trial:
    """One hostile case, which a right algorithm survives.

    Attributes
    ----------
    name : str
        What is hostile about it.
    code : str
        A line of NumPy that sets the arguments from `rng`; `u` stands for the unit roundoff and
        `top` for the largest power of two of the format.
    fault : str, Fault or tuple of these
        The likely faults of what fails here: the first that fits is said.
    chapter : str
        Where that is explained; the kind's own chapter if empty.
    refuses : bool
        Whether the routine has to refuse, by an exception or by nan.
    last : bool
        Whether many a routine fails here that has another fault: it is looked for elsewhere first.
    """

    name: str
    code: str
    fault: str | Fault | tuple
    chapter: str = ""
    refuses: bool = False
    last: bool = False

    @property
    def faults(self):
        """The likely faults, each a Fault."""
        several = self.fault if isinstance(self.fault, tuple) else (self.fault,)
        return [Fault(one) if isinstance(one, str) else one for one in several]

    def text(self, dtype):
        """Return the code with the constants of a format in place of their names.

        Examples
        --------
        >>> Trial("", "x = u * rng.normal(size=3)", "").text("float32")
        'x = 2.0**-24 * rng.normal(size=3)'
        """
        info = np.finfo(dtype)
        numbers = {"u": f"2.0**-{info.nmant + 1}", "top": f"2.0**{info.maxexp - 1}"}
        # A power binds from the right: u**0.5 is a power of a power.
        code = re.sub(r"\b(u|top)(?=\s*\*\*)", lambda m: f"({numbers[m[0]]})", self.code)
        return re.sub(r"\b(u|top)\b", lambda m: numbers[m[0]], code)


@dataclass(frozen=True)
class Kind:
    """A kind of routine: its signature, what is measured of its results, and its trials.

    Attributes
    ----------
    name, about, signature : str
        As the command lists them.
    arguments : tuple of str
        The names of what a trial sets and the routine is given.
    rounded : tuple of str
        Those that have the format of the case.
    call : str
        The line of a script that calls the routine.
    shows : dict of str to str
        The line of a script that computes a measure, by the measure's name.
    read : callable
        ``read(value, case)`` returns the result in parts, or raises a Verdict.
    measure : callable
        ``measure(parts, case)`` returns {name: (number, bound)}; both are relative.
    trials : tuple of Trial
        The plainest first.
    chapter : str
    word : str
        What a stable case is called.
    imports : str
        What a script needs beside NumPy.
    faults : tuple of Fault
        Those that may be said in every trial, before anything else.
    """

    name: str
    about: str
    signature: str
    arguments: tuple
    rounded: tuple
    call: str
    shows: dict
    read: Callable
    measure: Callable
    trials: tuple
    chapter: str
    word: str = ""
    imports: str = ""
    faults: tuple = ()


def lone(f):
    """Return a function that knows no more names than it uses; what is none comes back.

    Examples
    --------
    >>> found = lone(eval("lambda x: c * x", {"c": 2.0, "answer": 42}))
    >>> found(3.0), sorted(found.__globals__)
    (6.0, ['__builtins__', 'c'])
    """
    if not isinstance(f, types.FunctionType):
        return f
    used = {name: f.__globals__[name] for name in f.__code__.co_names if name in f.__globals__}
    return types.FunctionType(f.__code__, {**used, "__builtins__": {}}, f.__name__)


class Case:
    """One trial in one format: the namespace that its code has made.

    Attributes
    ----------
    args : tuple
        What the routine is given.
    values : dict
        All that the code has set; in float64 what is `rounded`, after it was rounded.
    u, dtype, n : float, dtype, int
        Unit roundoff, format, and the largest dimension of the arguments.
    settled : dict
        What a routine may choose, once for all of its cases, and how it chose, as "divisor": 0.

    Examples
    --------
    >>> kind = Kind("", "", "", ("x",), ("x",), "", {}, None, None, (), "")
    >>> Case(kind, Trial("", "x = rng.uniform(1, 2, 3)", ""), [11, 0], "float32").args[0].dtype
    dtype('float32')
    """

    def __init__(self, kind, trial, seed, dtype):
        self.kind, self.trial, self.seed = kind, trial, seed
        self.dtype = np.dtype(dtype)
        self.u = float(np.finfo(dtype).eps) / 2
        self.values = {"np": np, "rng": np.random.default_rng(seed)}
        with np.errstate(all="ignore"):
            exec(trial.text(dtype), self.values)  # of this package, and of nobody else
        if "fun" in self.values:
            self.values["fun"] = lone(self.values["fun"])
        for name in kind.rounded:
            self.values[name] = DTYPES[dtype](self.values[name])
        self.args = tuple(self.values[name] for name in kind.arguments)
        for name in kind.rounded:
            self.values[name] = np.float64(self.values[name])
        self.settled = {}
        self.n = max([1, *(size for arg in self.args for size in np.shape(arg))])

    def __getitem__(self, name):
        return self.values[name]
