"""Take out of a module of judges what an exam may hold: sources of functions, a first condition.

A judge of an input to break has conditions; the first is, by rule, that on its form. Its source is
taken with what it needs, and nothing else of the judge.
"""

import ast
import builtins
import inspect

from homework import Trouble


class Slices:
    """The sources that are taken over from one module or several, each once, in their order."""

    def __init__(self):
        self.sources, self.places, self.imports, self.trees = {}, {}, {}, {}

    def tree(self, module):
        """Return the statements of a module."""
        if module not in self.trees:
            self.trees[module] = ast.parse(inspect.getsource(module))
        return self.trees[module].body

    def function(self, function):
        """Return the definition of a function of a module of judges; None where there is none."""
        module = inspect.getmodule(function)
        return next((node for node in self.tree(module) if isinstance(node, ast.FunctionDef)
                     and node.name == function.__name__), None) if module else None

    def take(self, name, module):
        """Take over what a name means at the top level of a module, with what that needs."""
        if hasattr(builtins, name) and not hasattr(module, name):
            return
        node = next((one for one in self.tree(module) if name in _binds(one)), None)
        if node is None:
            raise Trouble(f"{module.__name__} has no {name!r} of its own that an exam could take "
                          "over: define it there, or import it by name.")
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.imports[name] = _import_of(node, name)
            return
        text = ast.unparse(node)
        if self.sources.get(name, text) != text:
            raise Trouble(f"two modules of judges have another {name!r} each: rename one of them.")
        if name not in self.sources:
            self.sources[name] = text
            self.places[name] = list(self.trees).index(module), node.lineno
            for other in sorted(_free(node) - {name}):
                self.take(other, module)

    def in_order(self):
        """Return the definitions as they stand in their modules: what one needs comes before it."""
        return [self.sources[name] for name in sorted(self.sources, key=self.places.__getitem__)]


def _binds(node):
    """Return the names that a statement at the top level gives a meaning."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)
            and isinstance(part.ctx, ast.Store)} if isinstance(
                node, ast.Assign | ast.AnnAssign) else set()


def _import_of(node, name):
    """Return the import of one name."""
    alias = next(one for one in node.names if (one.asname or one.name.partition(".")[0]) == name)
    one = ast.unparse(alias)
    return f"import {one}" if isinstance(node, ast.Import) else f"from {node.module} import {one}"


def _free(node):
    """Return the names that some code takes from outside."""
    found = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    inside = {part.id for part in found if isinstance(part.ctx, ast.Store)} | {
        part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    return {part.id for part in found} - inside


def first_condition(function, slices):
    """Return how a judge takes an input and what form it asks for, as the lines of a function.

    Parameters
    ----------
    function : callable
        A check.
    slices : Slices
        Takes over what the lines need.

    Returns
    -------
    list of str
        Assignments, and an expression of the input, of the words and of the condition; None where
        the judge calls no check_counterexample with conditions that are written out.
    """
    node, module = slices.function(function), inspect.getmodule(function)
    call = next((part for part in ast.walk(node) if isinstance(part, ast.Call) and getattr(
        part.func, "attr", getattr(part.func, "id", "")) == "check_counterexample"), None) \
        if node else None
    valid = next((one.value for one in call.keywords if one.arg == "valid"), None) if call else None
    lines = []
    if isinstance(valid, ast.Call):  # of a function that does nothing but return them
        valid, lines = _inlined(valid, slices, module)
    if not isinstance(valid, ast.Dict) or not valid.keys or not call.args:
        return None
    three = [call.args[0], valid.keys[0], valid.values[0]]
    needed, before = set().union(*map(_free, three)), []
    for line in [*lines[::-1], *[one for one in node.body if isinstance(one, ast.Assign)][::-1]]:
        if _binds(line) & needed:
            needed = (needed - _binds(line)) | _free(line)
            before.insert(0, ast.unparse(line))
    local = {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef)}
    if needed & (local - {node.name}):
        return None
    for name in sorted(needed - {arg.arg for arg in node.args.args}):
        slices.take(name, module)
    return [*before, *map(ast.unparse, three)]


def _inlined(call, slices, module):
    """Return the dict that a called function returns, and its parameters as assignments."""
    node = next((one for one in slices.tree(module) if isinstance(one, ast.FunctionDef)
                 and one.name == getattr(call.func, "id", "")), None)
    last = node.body[-1] if node else None
    if not isinstance(last, ast.Return) or len(call.args) != len(node.args.args):
        return None, []
    lines = [ast.fix_missing_locations(ast.Assign([ast.Name(arg.arg, ast.Store())], value))
             for arg, value in zip(node.args.args, call.args, strict=True)]
    return last.value, [*lines, *[one for one in node.body if isinstance(one, ast.Assign)]]
