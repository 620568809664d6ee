"""Find out what form a problem asks for: its judge calls the master's solution, and is watched."""

import contextlib
import copy
import itertools
import sys
from dataclasses import dataclass

import numpy as np

from homework import Trouble
from homework.transplant import is_check, with_variant
from lib.grade.forms import stand_in

DRAWS = ((None, ""), (8101, "ada"), (8102, "ben"), (8103, ""), (8104, "flo"))
LARGEST = 5000  # numbers of an example


@dataclass
class Stand:
    """A function among the arguments: what size its values have, None for a float.

    Whether it takes many things at once, or is odd: no function of a float or a vector.
    """

    to: int | None = None
    many: bool | None = None
    odd: bool = False

    def made(self):
        """Return what stands for it."""
        return stand_in(self.to, bool(self.many))


def solutions(cells, folder):
    """Return what the cells of a master define, solutions and all."""
    space, place = {"__name__": "master"}, str(folder)
    sys.path.insert(0, place)
    try:
        with contextlib.chdir(place), contextlib.redirect_stdout(None):
            for cell in with_variant(cells, ""):
                if cell.kind == "code" and cell.points is None and not is_check(cell):
                    exec(compile(cell.source, f"<{cell.grade_id or cell.id}>", "exec"), space)
    except Exception as fault:
        raise Trouble(f"The master's own cells do not run: {type(fault).__name__}: {fault}. An "
                      f"exam needs them, to know what form is asked for.") from None
    finally:
        sys.path.remove(place)
    return space


def watched(check, solution):
    """Return what a judge gives a solution and what comes back, from several draws."""
    calls = []

    def watch(*args):
        stands = [Stand() if callable(one) else None for one in args]
        kept = [stand or copy.deepcopy(one) for one, stand in zip(args, stands, strict=True)]
        value = solution(*(_noted(one, stand) if stand else one
                           for one, stand in zip(args, stands, strict=True)))
        calls.append((kept, copy.deepcopy(value)))
        return value

    watch.__name__ = getattr(solution, "__name__", "answer")
    for seed, variant in DRAWS:
        check(watch, **({} if seed is None else {"seed": seed}), variant=variant)
    return calls


def _noted(function, stand):
    """Return a function which notes what sizes its values have."""
    def noted(x):
        value = function(x)
        size = np.shape(value)
        stand.to = size[0] if size else None
        stand.odd |= len(size) > 1 or np.ndim(x) != len(size)
        if stand.many is None:
            stand.many = False  # should asking call this function again
            stand.many = _takes_many(function, x, np.shape(value))
        return value

    return noted


def _takes_many(function, x, size):
    """Return whether a function takes two of its arguments at once, side by side."""
    try:
        return np.shape(function(np.stack([x, x], axis=-1))) == (*size, 2)
    except Exception:
        return False


def example(calls, solution):
    """Return an example of the arguments, stand-ins and all, and what the solution gives for it."""
    small = [kept for kept, _ in calls if sum(np.size(one) for one in kept) <= LARGEST]
    for kept in small:
        if any(isinstance(one, Stand) and one.odd for one in kept):
            continue
        try:
            value = solution(*(one.made() if isinstance(one, Stand) else copy.deepcopy(one)
                               for one in kept))
        except Exception:  # its stand-in is no function that this problem is about
            continue
        return kept, value
    return None


def parts(value):
    """Return the results that a value holds, and whether they are several."""
    several = isinstance(value, tuple) or (isinstance(value, list) and any(map(np.ndim, value)))
    return (list(value), True) if several else ([value], False)


def shapes(calls, kept, value):
    """Return the shape of each result for an example, as far as it follows from the arguments.

    A size that no rule gives in all calls depends on values: to ask for it would tell of them.
    """
    found, cases = [], [(sizes(args), [np.shape(part) for part in parts(result)[0]])
                        for args, result in calls]
    own, here = sizes(kept), [np.shape(part) for part in parts(value)[0]]
    for number, shape in enumerate(here):
        rows = [(given, came[number]) for given, came in cases if len(came) == len(here)]
        if _alike([(args, came[number]) for (args, _), (_, came) in zip(calls, cases, strict=True)
                   if len(came) == len(here)], kept, shape):
            found.append(shape)
            continue
        if any(len(came) != len(shape) for _, came in rows):
            found.append(None)
            continue
        found.append(tuple(size if _rule([(given, came[axis]) for given, came in [
            *rows, (own, shape)]]) else None for axis, size in enumerate(shape)))
    return found


def _alike(rows, kept, here):
    """Return whether a result has the shape of one argument, whatever that is."""
    return any(all(place < len(args) and _shape(args[place]) == shape
                   for args, shape in [*rows, (kept, here)]) for place in range(len(kept)))


def _shape(one):
    """Return the shape of an array; nothing for what is none."""
    return one.shape if isinstance(one, np.ndarray) else None


def sizes(args):
    """Return the whole numbers and the sizes in some arguments, by place.

    Examples
    --------
    >>> sizes([np.ones((3, 2)), 5, 0.5])
    {(0, 0): 3, (0, 1): 2, (1,): 5}
    """
    found = {}
    for place, one in enumerate(args):
        if isinstance(one, int | np.integer) and not isinstance(one, bool):
            found[place,] = int(one)
        elif isinstance(one, np.ndarray | list | tuple):
            shape = one.shape if isinstance(one, np.ndarray) else (len(one),)
            found |= {(place, axis): size for axis, size in enumerate(shape)}
    return found


def _rule(cases):
    """Return whether a size is constant, or by one simple rule that of arguments."""
    if len({size for _, size in cases}) == 1:
        return True
    names = sorted(set.intersection(*(set(given) for given, _ in cases)))
    pairs = [*((name, name) for name in names), *itertools.combinations(names, 2)]
    rules = (lambda a, b: a, lambda a, b: a - 1, lambda a, b: a + 1, min, max,
             lambda a, b: a + b, lambda a, b: a + b - 1, lambda a, b: a * b,
             lambda a, b: (a - 1) * b + 1, lambda a, b: (b - 1) * a + 1)
    return any(all(rule(given[one], given[two]) == size for given, size in cases)
               for one, two in pairs for rule in rules)
