"""Make what an exam has in place of the judges: a module of checks that tell the form alone."""

import ast
import inspect
from dataclasses import dataclass, field

import numpy as np

from homework import Trouble, examples
from homework.closure import Closure
from homework.course import put
from homework.examtext import on_checks
from homework.literals import format_of, literal, value_form
from homework.problems import checks_of, judge_of, problems_of, release_of
from homework.slices import Slices, first_condition
from homework.transplant import is_check

HEAD = '"""What the checks of an exam tell: the form of an answer, and nothing of its values."""'
FUNCTION = '''def {check}(answer, seed=0, variant=""):
    """Tell the form of `{name}`."""
{lines}'''
FORMS = "from lib.grade.forms import form_of, form_of_input, stand_in"
HARMLESS = ("forms", "handed", "homework", "marks", "report", "variants")  # they judge nothing


@dataclass
class Exam:
    """What an exam's students get in place of the package and of modules beside the notebook."""

    package: dict  # the files of lib, by path
    beside: dict = field(default_factory=dict)  # modules that are replaced, by the file's name
    left: list = field(default_factory=list)  # files beside the master that students do not get
    told: list = field(default_factory=list)

    def place(self, folder):
        """Write the modules beside a released notebook, and take away those that it shall lack."""
        for name, text in self.beside.items():
            put(folder / name, text)
        for name in self.left:
            (folder / name).unlink(missing_ok=True)  # a copy: the master's own stays


def exam_of(cells, path, data):
    """Return the Exam of a master.

    Parameters
    ----------
    cells : list of Cell
    path : path
        Of the master.
    data : dict of str to path
        The files beside it, by name.
    """
    module, text = checks_in_exam(cells, path)
    released = release_of(cells)
    code = [cell.source for cell in released if cell.kind == "code"]
    closure = Closure({module: text})
    for source in [*code, text]:
        closure.read(source)
    exam = Exam(closure.files())
    if not module.startswith("lib."):
        exam.beside[f"{module}.py"] = text
    needed = set().union(*map(imported, [*code, text]))
    exam.left = [name for name in data if name.endswith(".py") and name not in exam.beside
                 and name.removesuffix(".py") not in needed]
    exam.told += [f"{name}: left out of the exam, for the notebook does not import it"
                  for name in exam.left]
    others = sorted(name for name in closure.modules if name.startswith("lib.grade.")
                    and name.split(".")[2] not in HARMLESS)
    if others:
        exam.told.append(f"The notebook needs {', '.join(others)}: they are in what students "
                         "install, so look whether they tell more than an exam should.")
    first = next((cell for cell in cells if cell.kind == "markdown"), None)
    gone = sum(map(on_checks, first.source.splitlines())) if first else 0
    return exam if not gone else add(exam, f"{gone} lines of the notebook's first text, on checks, "
                                     "gave way to what the checks of an exam tell.")


def add(exam, sentence):
    """Return an exam of which one sentence more is told."""
    exam.told.append(sentence)
    return exam


def imported(source):
    """Return the first parts of the names that a text imports."""
    nodes = list(ast.walk(ast.parse(source)))
    return {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import)
            for alias in node.names} | {(node.module or "").partition(".")[0] for node in nodes
                                        if isinstance(node, ast.ImportFrom)}


def checks_in_exam(cells, path):
    """Return the name of the module that a master calls `checks`, and the text that replaces it.

    Raises
    ------
    Trouble
        If the master's own cells do not run, or the form of an answer cannot be found out.
    """
    checks, slices = checks_of(cells, path.parent), Slices()
    space, functions = examples.solutions(cells, path.parent), []
    judged = {one.check: one.name for one in problems_of(cells, path) if one.check} | {
        check: name for name, check in map(judge_of, filter(_shown, cells))}
    for check, name in judged.items():
        if name not in space or not hasattr(checks, check):
            raise Trouble(f"{path}: no cell defines {name!r}, or no judge is called {check}.")
        lines = form_lines(getattr(checks, check), space[name], name, slices)
        functions.append(FUNCTION.format(check=check, name=name, lines=lines))
    for name in used(release_of(cells)) - set(judged):
        slices.take(name, inspect.getmodule(getattr(checks, name, None)) or checks)
    text = "\n\n\n".join([f"{HEAD}\n\n" + "\n".join(sorted(
        {FORMS, "import numpy as np", *slices.imports.values()})),
        *slices.in_order(), *functions]) + "\n"
    tried(text, judged, space)
    return checks.__name__, text


def _shown(cell):
    """Return whether a cell is a visible check."""
    return cell.kind == "code" and cell.points is None and bool(
        cell.source.strip()) and is_check(cell)


def tried(text, judged, space):
    """Complain of a module of forms that does not take the master's own solutions."""
    made = {}
    exec(text, made)
    for check, name in judged.items():
        said = repr(made[check](space[name]))
        if "as asked" not in said and not said.startswith(("form: admitted", "form: written",
                                                           "form: takes")):
            raise Trouble(f"The form of the master's own {name!r} cannot be told: {said}")


def used(cells):
    """Return the names of `checks` that some cells use.

    Examples
    --------
    >>> from homework.notebooks import Cell
    >>> used([Cell("code", "print(checks.own_sum(VARIANT))")])
    {'own_sum'}
    """
    return {node.attr for cell in cells if cell.kind == "code" and not cell.is_answer
            for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name) and node.value.id == "checks"}


def form_lines(check, solution, name, slices):
    """Return the body of a check that tells the form of an answer."""
    if not callable(solution):
        lines = first_condition(check, slices)
        if lines:
            *before, given, words, condition = lines
            return "\n".join(f"    {line}" for line in [
                *before, f"return form_of_input({given}, {words},", f"    {condition})"])
        return f"    return form_of(answer, None, {value_form(solution)})"
    calls = examples.watched(check, solution)
    found = examples.example(calls, solution)
    if found is None:
        raise Trouble(f"{check.__name__} gives {name!r} nothing that an exam could give it as an "
                      "example: numbers, texts, arrays of at most "
                      f"{examples.LARGEST} numbers, or functions of a float or a vector.")
    args, value = found
    parts, several = examples.parts(value)
    asked = [(format_of(part), shape) for part, shape in zip(
        parts, examples.shapes(calls, args, value), strict=True)]
    form = None if "" in dict(asked) else [
        (*one, *narrowest(check, solution, number, one[0])) for number, one in enumerate(asked)]
    packed = several and form and len({np.shape(one) for one in parts}) == 1 and check(
        lambda *given: np.array(solution(*given))).passed
    return (f"    args = {literal(tuple(args), name)}\n    return form_of(answer, args, "
            f"{form if several or not form else form[0]!r}{', packed=True' * bool(packed)})")


def narrowest(check, solution, number, kind):
    """Return the narrower format in which a judge takes a right result, in a tuple; or nothing."""
    for narrow in ("float16", "float32"):
        if np.dtype(kind).kind != "f" or np.dtype(kind).itemsize <= np.dtype(narrow).itemsize:
            break

        def rounded(*given, narrow=narrow):
            parts, several = examples.parts(solution(*given))
            with np.errstate(all="ignore"):
                parts[number] = np.asarray(parts[number]).astype(narrow)
            return parts if several else parts[0]

        if check(rounded).passed:
            return (narrow,)
    return ()
