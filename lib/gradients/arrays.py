"""The derivatives of NumPy's functions that select, move and join arrays, and their methods."""

import operator

import numpy as np

from lib.gradients.traced import HANDLERS, MOVES, RULES, Traced, apply, handles, plain, primitive

# Of one array, whose numbers they move, repeat or leave out: what they do to places tells all.
SHUFFLES = (np.flip, np.fliplr, np.flipud, np.roll, np.rot90, np.repeat, np.tile, np.take,
            np.diagonal, np.split, np.array_split)
# Constant between their jumps.
STEPS = (np.argmax, np.argmin, np.argsort, np.all, np.any, np.count_nonzero, np.nonzero, np.round,
         np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.isclose, np.allclose,
         np.array_equal)
# Methods of arrays that are functions of NumPy as well.
METHODS = ("sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "clip", "dot", "trace",
           "diagonal", "squeeze", "swapaxes", "ravel", "repeat", "take", "copy", "argmax", "argmin",
           "argsort", "all", "any", "round")


def _scattered(g, index, shape):
    """Return zeros of a shape, to which g is added at an index."""
    if _is_plain(index):
        whole = np.zeros(shape, g.dtype)
        whole[index] = g
        return whole
    whole = np.zeros(shape)  # places may repeat: the sum is taken in float64
    np.add.at(whole, index, g)
    return whole.astype(g.dtype, copy=False)


def _is_plain(index):
    """Return whether an index is made of slices and whole numbers, and so repeats no place."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or isinstance(part, slice | int | np.integer)
               for part in parts)


scattered = primitive(_scattered, lambda y, g, index, shape: (
    lambda h: h[index], None, None), moves=True)


def _getitem(y, x, index):
    """Return the rule of x[index]."""
    return (lambda g, shape=x.shape: scattered(g, index, shape)), None


def _joined(axis, *arrays):
    """Return the concatenated arrays."""
    return np.concatenate(arrays, axis)


def _join(y, axis, *arrays):
    """Return the rule of concatenation: to each its own piece."""
    ends = np.cumsum([x.shape[axis] for x in arrays]).tolist()
    before = (slice(None),) * (axis % y.ndim)
    pieces = [(*before, slice(end - x.shape[axis], end))
              for end, x in zip(ends, arrays, strict=True)]
    return None, *((lambda g, piece=piece: g[piece]) for piece in pieces)


joined = primitive(_joined, _join, moves=True)
RULES.update({
    operator.getitem: _getitem,
    np.reshape: lambda y, x, shape: (lambda g, whole=x.shape: np.reshape(g, whole), None),
    np.transpose: lambda y, x, axes: (lambda g: np.transpose(g, np.argsort(axes)), None),
    np.broadcast_to: lambda y, x, shape: (lambda g: g, None),  # the tape sums what was copied
})
MOVES.update({operator.getitem, np.where, np.reshape, np.transpose, np.broadcast_to})


@handles(np.where)
def _where(condition, x=None, y=None):
    """Return numbers of x and y, as a condition says, or the places where it holds."""
    chosen = () if x is None and y is None else (x, y)
    return apply(np.where, plain(condition), *chosen)


@handles(np.clip)
def _clip(a, a_min=None, a_max=None, *, min=None, max=None):
    """Return a between two bounds, each of which may be missing, and has two names."""
    low, high = a_min if min is None else min, a_max if max is None else max
    return apply(np.clip, a, -np.inf if low is None else low, np.inf if high is None else high)


@handles(np.reshape)
def _reshape(a, shape):
    """Return a in another shape, in the order of its rows."""
    return apply(np.reshape, a, shape)


@handles(np.ravel)
def _ravel(a):
    """Return a as a vector, in the order of its rows."""
    return apply(np.reshape, a, -1)


@handles(np.broadcast_to)
def _broadcast_to(array, shape):
    """Return an array, repeated to another shape."""
    return apply(np.broadcast_to, array, shape)


@handles(np.copy)
def _copy(a):
    """Return a: nothing overwrites it."""
    return apply(np.positive, a)


@handles(np.concatenate)
def _concatenate(arrays, axis=0):
    """Return arrays joined along an axis, or as vectors where it is None."""
    if axis is None:
        return joined(0, *map(np.ravel, arrays))
    return joined(axis, *arrays)


@handles(np.stack)
def _stack(arrays, axis=0):
    """Return arrays of one shape joined along a new axis."""
    return joined(axis, *(np.expand_dims(x, axis) for x in arrays))


@handles(np.vstack)
def _vstack(tup):
    """Return arrays joined as rows."""
    return joined(0, *(x if np.ndim(x) > 1 else np.reshape(x, (1, -1)) for x in tup))


@handles(np.hstack)
def _hstack(tup):
    """Return arrays joined along their second axis, and vectors along their only one."""
    return joined(int(np.ndim(tup[0]) > 1), *(x if np.ndim(x) else np.reshape(x, 1) for x in tup))


@handles(np.column_stack)
def _column_stack(tup):
    """Return vectors and matrices joined as columns."""
    return joined(1, *(x if np.ndim(x) > 1 else np.reshape(x, (-1, 1)) for x in tup))


@handles(np.diag)
def _diag(v, k=0):
    """Return the diagonal of a matrix, or the matrix with a vector as its diagonal."""
    places = np.diag(np.arange(v.size) + 1 if v.ndim == 1 else _places(v), k)
    if v.ndim > 1:
        return np.ravel(v)[places]
    return np.where(places > 0, v[places - 1], 0)


@handles(np.tril)
def _tril(m, k=0):
    """Return a matrix with zeros above a diagonal."""
    return np.where(np.tri(*m.shape[-2:], k, bool), m, 0)


@handles(np.triu)
def _triu(m, k=0):
    """Return a matrix with zeros below a diagonal."""
    return np.where(np.tri(*m.shape[-2:], k - 1, bool), 0, m)


@handles(np.sort)
def _sort(a, axis=-1):
    """Return a in ascending order along an axis."""
    order = np.argsort(plain(a), axis)
    return np.ravel(a)[np.take_along_axis(_places(a), order, axis)]


def _places(a):
    """Return the place of each element among those of a as a vector."""
    return np.arange(a.size).reshape(a.shape)


def _shuffling(function):
    """Return a function that does to a traced array what another one does to plain ones."""
    def shuffled(a, *args, **kwargs):
        places = function(_places(a), *args, **kwargs)
        if isinstance(places, list):
            return [np.ravel(a)[part] for part in places]
        return np.ravel(a)[places]

    return shuffled


def _turning(function):
    """Return the same for a function that puts axes into another order."""
    def turned(a, *args, **kwargs):
        order = function(np.empty(range(a.ndim)), *args, **kwargs).shape
        return apply(np.transpose, a, order)

    return turned


def _shaping(function):
    """Return the same for a function that adds or drops axes of length 1."""
    def shaped(a, *args, **kwargs):
        return apply(np.reshape, a, function(np.empty(a.shape, bool), *args, **kwargs).shape)

    return shaped


def _stepping(function):
    """Return the same for a function that is constant between its jumps."""
    return lambda *args, **kwargs: function(*map(plain, args), **kwargs)


for _make, _functions in {_shuffling: SHUFFLES, _stepping: STEPS, _shaping: (
        np.expand_dims, np.squeeze), _turning: (np.transpose, np.swapaxes, np.moveaxis)}.items():
    HANDLERS.update({function: _make(function) for function in _functions})


def _method(function):
    """Return a function of NumPy as a method."""
    return lambda self, *args, **kwargs: function(self, *args, **kwargs)


def _astype(self, dtype):
    """Return the same numbers as float32 or float64; any others would have no derivative."""
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"astype({np.dtype(dtype)}) would lose the derivative: use x.value, a "
                        "constant, where it is to be lost")
    return converted(self, dtype)


converted = primitive(lambda x, dtype: x.astype(dtype), lambda y, x, dtype: (
    lambda g: g, None), moves=True)
for _name in METHODS:
    setattr(Traced, _name, _method(getattr(np, _name)))
Traced.astype = _astype
Traced.flatten = _method(np.ravel)
Traced.reshape = lambda self, *shape: np.reshape(self, shape if len(shape) > 1 else shape[0])
Traced.transpose = lambda self, *axes: np.transpose(self, *(axes if len(axes) < 2 else [axes]))
Traced.item = Traced.tolist = Traced.__float__
