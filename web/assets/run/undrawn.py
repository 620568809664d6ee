"""What stands in for a package that the page has not fetched yet, since most cells need none of it.

Chapters import matplotlib, for their figures, and SciPy long before a cell uses them. Until then
their modules are empty, and whatever is asked of them is a `Shade`. A cell that is run for a later
one draws with shades, and nothing is seen. Any other use of a shade is noted, and raises an error:
then the page fetches the package, and runs the cells anew.
"""

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

PACKAGES = ("matplotlib", "scipy")
DRAWN = "matplotlib"
# What belongs to a package: it goes when the package comes, and is imported anew.
WITH = {"matplotlib": ("matplotlib", "lib.page", "moving", "drawing"), "scipy": ("scipy",)}
# Modules of lib that do nothing but draw are made of shades as well.
DRAWING = tuple(f"lib.page.{name}" for name in ("figures", "frames", "places", "shapes", "stage"))
HARMLESS = "lib.page.figures.use_style"  # a cell that shows something may call it
# How a shade is used, beside calls, attributes and entries.
USES = (
    "bool", "eq", "ne", "lt", "le", "gt", "ge", "len", "iter", "next", "contains", "repr",
    "str", "format", "float", "int", "complex", "index", "round", "add", "radd", "sub", "rsub",
    "mul", "rmul", "matmul", "rmatmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod",
    "rmod", "pow", "rpow", "neg", "pos", "abs", "invert", "and", "rand", "ror", "xor", "rxor",
    "delitem", "mro_entries", "instancecheck", "array")

quiet = True  # whether the cell that runs shows nothing
drawn = False  # whether it has drawn with shades
wanted = ""  # the package that it cannot do without


def begin(now_quiet):
    """Note that a cell begins."""
    global quiet, drawn, wanted
    quiet, drawn, wanted = now_quiet, False, ""


def lacking(good):
    """Return the package that the cell which ran cannot do without, or ""."""
    return wanted or (DRAWN if drawn and not good else "")


class Shade:
    """Something of a package that is not there yet, by its dotted name."""

    def __init__(self, name):
        object.__setattr__(self, "_name", name)

    def _use(self, *_, **__):
        """Return a shade where drawing is all that happens, and nothing is seen."""
        global drawn
        if self._name == HARMLESS:
            return None
        if not (quiet and package_of(self._name) == DRAWN):
            raise missing(package_of(self._name))
        drawn = True
        return Shade(self._name)

    __call__ = __getitem__ = __or__ = __enter__ = _use

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Shade(f"{self._name}.{name}")

    def __setattr__(self, name, value):
        self._use()

    def __setitem__(self, key, value):
        self._use()

    def __exit__(self, *error):
        return None

    def __deepcopy__(self, memory):
        return self

    def __hash__(self):
        return id(self)


def needs_more(self, *_):
    """Note that a shade will not do, and raise an error."""
    raise missing(package_of(self._name))


for use in USES:
    setattr(Shade, f"__{use}__", needs_more)


def missing(package):
    """Note a package that a cell needs; return the error."""
    global wanted
    wanted = wanted or package
    return ModuleNotFoundError(f"{package} has not been loaded", name=package)


def package_of(name):
    """Return the package that a module belongs to, or what it holds."""
    return DRAWN if belongs(name, DRAWING) else name.partition(".")[0]


class Room(ModuleType):
    """A module of a package that is not there yet."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Shade(f"{self.__name__}.{name}")


class Waiting(MetaPathFinder, Loader):
    """Finds the modules of packages that are not there yet."""

    def __init__(self):
        self.packages = set()

    def find_spec(self, fullname, path=None, target=None):
        """Return where a module comes from: here, or None."""
        if package_of(fullname) in self.packages:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        """Return an empty module."""
        return Room(spec.name)

    def exec_module(self, module):
        """Do nothing: it is empty."""


waiting = Waiting()


def there(package):
    """Return whether a package has been fetched."""
    return PathFinder.find_spec(package) is not None


def real(module):
    """Return a module that has been imported, and is no stand-in; or None."""
    found = sys.modules.get(module)
    return None if isinstance(found, Room) else found


def settle():
    """Let the packages that have come take the place of what stood in for them."""
    importlib.invalidate_caches()
    if waiting not in sys.meta_path:
        sys.meta_path.insert(0, waiting)
    for package in PACKAGES:
        if not there(package):
            waiting.packages.add(package)
        elif package in waiting.packages:
            waiting.packages.remove(package)
            for name in [name for name in sys.modules if belongs(name, WITH[package])]:
                del sys.modules[name]


def belongs(name, packages):
    """Return whether a module is one of some packages, or lies in one.

    >>> belongs("lib.page.explore", ["lib.page"]), belongs("lib.pages", ["lib.page"])
    (True, False)
    """
    return any(f"{name}.".startswith(f"{package}.") for package in packages)
