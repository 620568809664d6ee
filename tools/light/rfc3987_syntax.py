"""Stands before the package of this name, which builds 38 grammars whenever it is imported.

jsonschema imports it where it is found, to judge addresses with letters beyond ASCII, which occur
in no notebook, and goes on without it where it is not. The two seconds of every kernel's client,
every Sphinx and every pytest come from here alone.
"""

raise ImportError("left out on purpose: see tools/light")
