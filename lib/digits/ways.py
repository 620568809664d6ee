"""How things of each kind are copied, for `lib.digits`: functions, classes, containers, objects."""

import copy
import enum
import functools
from collections import deque
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

import numpy as np

from lib.digits.chance import WHOLE, method, whole

_Cached = type(functools.lru_cache(lambda: None))
PLAIN = (str, bytes, int, float, complex, type(None), BaseException)  # which nothing changes
GENERATED = "<string>"  # the file of what dataclasses and the like write


class Lent:
    """A module that reads and writes the copy of its names."""

    def __init__(self, module, rebuild):
        self.__dict__.update(_module=module, _rebuild=rebuild)

    def __getattr__(self, name):
        names = vars(self._module)
        return self._rebuild.named(names, name) if name in names else getattr(self._module, name)

    def __setattr__(self, name, thing):
        self._rebuild.world(vars(self._module))[name] = thing


def _function(rebuild, f):
    if not rebuild.is_ours(f.__module__):
        return f
    cells = [rebuild.cell(cell) for cell in f.__closure__ or ()]
    world = rebuild.world(f.__globals__)
    new = FunctionType(f.__code__, world, f.__name__, None, tuple(cell for _, cell in cells))
    watched = _watched(rebuild, f, new)
    rebuild.memo[id(f)] = f, watched  # before what follows: functions name themselves
    new.__defaults__ = rebuild.lift(f.__defaults__)
    new.__kwdefaults__ = rebuild.lift(f.__kwdefaults__)
    for old, cell in cells:
        if _is_filled(old) and not _is_filled(cell):
            cell.cell_contents = rebuild(old.cell_contents)
    for name in _names(f.__code__) & f.__globals__.keys():
        rebuild.named(f.__globals__, name)
    vars(watched).update({name: rebuild(thing) for name, thing in vars(f).items()})
    return watched


def _watched(rebuild, f, new):
    @functools.wraps(f, updated=())
    def watched(*args, **kwargs):
        result = new(*args, **kwargs)
        rebuild.watch(result)
        return result

    del watched.__wrapped__
    return watched


def _is_filled(cell):
    try:
        return cell.cell_contents is cell.cell_contents
    except ValueError:  # a variable that has no value yet
        return False


def _names(code):
    inner = [_names(const) for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*inner)


def _cached(rebuild, f):
    return functools.lru_cache(**f.cache_parameters())(rebuild(f.__wrapped__))


def _partial(rebuild, f):
    return functools.partial(rebuild(f.func), *rebuild.lift(f.args), **rebuild.lift(f.keywords))


def _cached_property(rebuild, old):
    new = copy.copy(old)
    new.func = rebuild(old.func)
    return new


def _module(rebuild, module):
    return Lent(module, rebuild) if _is_copied(rebuild, module.__name__) else module


def _is_copied(rebuild, module):
    """Return whether things of a module are copied that are no functions: none of our own."""
    return rebuild.is_ours(module) and not module.startswith(__package__)


def _class(rebuild, kind):
    for base in kind.__mro__[1:]:
        rebuild(base)
    if not _is_copied(rebuild, kind.__module__):
        return kind
    rebuild.memo[id(kind)], names = (kind, kind), dict(vars(kind))
    rebuild.lent.append((kind, names))
    for name, thing in names.items():
        if _is_method(thing) or not name.startswith("__"):
            _put(kind, name, thing, rebuild(thing))
    return kind


def _is_method(thing):
    if isinstance(thing, FunctionType):
        return thing.__code__.co_filename != GENERATED
    return isinstance(thing, (classmethod, staticmethod))


def _put(kind, name, old, new):
    if new is not old:
        type.__setattr__(kind, name, new)


def give_back(kind, names):
    """Give a class the methods and attributes that it had."""
    for name, thing in dict(vars(kind)).items():
        if name in names:
            _put(kind, name, thing, names[name])
        else:
            type.__delattr__(kind, name)
    for name in names.keys() - vars(kind).keys():
        type.__setattr__(kind, name, names[name])


def _tuple(rebuild, old):
    items = [rebuild(item) for item in old]
    if all(new is item for new, item in zip(items, old, strict=True)):
        return old
    return type(old)(*items) if hasattr(old, "_fields") else type(old)(items)


def _container(rebuild, old):
    new = _twin(rebuild, old)
    for key, item in list(old.items() if isinstance(old, dict) else enumerate(old)):
        new[key] = rebuild(item)
    return new


def _set(rebuild, old):
    new = _twin(rebuild, old)
    new.clear()
    new.update(map(rebuild, old))
    return new


def is_opened(rebuild, thing):
    """Return whether the attributes of an object are copied: of our own kinds, and of namespaces.

    Members of an Enum, exceptions and functions stay as they are.
    """
    if isinstance(thing, (enum.Enum, BaseException, type, FunctionType)):
        return False
    home = type(thing).__module__
    return _is_copied(rebuild, home) or home in ("types", "collections")


def _object(rebuild, old):
    home = type(old).__module__
    if not _is_copied(rebuild, home) and home not in ("types", "collections"):
        return old
    new = _twin(rebuild, old)
    slots = [name for kind in type(old).__mro__ for name in getattr(kind, "__slots__", ())]
    for name in [*getattr(old, "__dict__", ()), *slots]:
        if new is not old and hasattr(old, name) and name not in ("__dict__", "__weakref__"):
            object.__setattr__(new, name, rebuild(getattr(old, name)))
    return new


def _twin(rebuild, old):
    """Return a shallow copy of a thing, known as such before its parts are."""
    rebuild(type(old))
    try:
        new = copy.copy(old)
    except Exception as error:
        raise TypeError(f"trace copies what f may change, and {error}: pass a list, say") from error
    rebuild.memo[id(old)] = old, new
    return new


# Of each kind of thing, how it is copied.
_WAYS = [
    (FunctionType, _function),
    (MethodType, lambda rebuild, f: MethodType(rebuild(f.__func__), rebuild(f.__self__))),
    (BuiltinFunctionType, method),
    (functools.partial, _partial),
    (_Cached, _cached),
    ((staticmethod, classmethod), lambda rebuild, f: type(f)(rebuild(f.__func__))),
    (property, lambda rebuild, p: property(*map(rebuild, (p.fget, p.fset, p.fdel)), p.__doc__)),
    (functools.cached_property, _cached_property),
    (type, _class),
    (ModuleType, _module),
    (tuple, _tuple),
    ((list, dict, deque), _container),
    (set, _set),
    (np.ndarray, _twin),
    (WHOLE, whole),
]


def copied(rebuild, thing):
    """Return what a `Rebuilder` makes of a thing."""
    return next((way for kind, way in _WAYS if isinstance(thing, kind)), _object)(rebuild, thing)
