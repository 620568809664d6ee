"""The contract of a law: short, true of a class that it names, and measured beside it.

A `say-x` cell ends in one **bold law**, and at most one paragraph "Here: …" that measures it; the
`claim-x` cell after it checks both. What a machine cannot decide, whether the law is true, is for
the readings of `CONTRIBUTING.md`; that a check is no tautology it can decide often enough to ask.
"""

import ast
import itertools
import re

from chapter import bold_sentences
from numerals import MISSPELT, numbers, unstated

WORDS, NUMBERS = 20, 2
ALL = re.compile(r"\b(all|every|any|only|at most|at least|from\b.*?\bon|exactly|never|always|"
                 r"nothing|no|none|throughout|whatever|whenever)\b", re.I)
CLASS = re.compile(r"^\s*# class: \S+ \S+", re.MULTILINE)
# Calls that compute nothing which could be false: they hold, count or convert what is written.
PLAIN = {"abs", "bool", "float", "int", "len", "list", "max", "min", "range", "round", "str",
         "tuple", "np.arange", "np.array", "np.asarray", "np.float16", "np.float32", "np.float64",
         "Fraction", "Decimal"}
FLOATS = {"Decimal", "float", "np.float16", "np.float32", "np.float64"}


def laws(chapter):
    """Each law is one bold sentence that somebody could quote next week."""
    for cell in chapter.of("say"):
        if len(said := bold_sentences(cell.source)) != 1:
            yield f"{cell.id}: exactly one **bold sentence**, the law; it has {len(said)}"
            continue
        law = said[0]
        if not law.endswith((".", "?", "!")):
            yield f"{cell.id}: the bold text is a sentence: its full stop stands inside"
        if (count := length(law)) > WORDS:
            yield f"{cell.id}: the law has {count} words, at most {WORDS}; one clause, one idea"
        if (count := len(numbers(law))) > NUMBERS:
            yield f"{cell.id}: the law has {count} numbers, at most {NUMBERS}; the rest is “Here:”"
        if ";" in law:
            yield f"{cell.id}: a law is one clause, without a semicolon"
        yield from placed(cell)
        yield from checked(chapter, cell, law + " " + measurement(cell))


def length(law):
    """Return the number of words of a law; a formula counts as one."""
    return len(re.sub(r"\$[^$]+\$|`[^`]+`", "formula", law).split())


def measurement(cell):
    """Return the paragraph of a say cell that begins with "Here:", if there is one."""
    found = re.search(r"^Here: .*", paragraphs(cell)[-1], re.DOTALL)
    return found[0] if found else ""


def paragraphs(cell):
    """Return the paragraphs of a cell."""
    return re.split(r"\n\s*\n", re.sub(r"<!--.*?-->", "", cell.source, flags=re.DOTALL).strip())


def placed(cell):
    """Yield a complaint if the law is not a paragraph of its own, with its measurement last."""
    parts = paragraphs(cell)
    after = [index for index, part in enumerate(parts) if re.fullmatch(r"\*\*[^*]+\*\*", part,
                                                                       re.DOTALL)]
    if not after:
        yield f"{cell.id}: the law is a paragraph of its own"
    elif any(not part.startswith("Here: ") for part in parts[after[0] + 1:]) \
            or len(parts) - after[0] > 2:
        yield f"{cell.id}: after the law stands nothing but one paragraph that begins with `Here: `"


def checked(chapter, cell, said):
    """Yield what is wrong with the place and the numbers of the claim of a law."""
    claim = chapter.by_id.get(f"claim-{cell.word}")
    if claim is None:
        yield f"{cell.id}: no cell claim-{cell.word} asserts it"
        return
    if chapter.cells[chapter.cells.index(cell) + 1] is not claim:
        yield f"{cell.id}: claim-{cell.word} stands directly after it"
    for number in MISSPELT.findall(said):
        yield f"{cell.id}: write {number} as $10^{{-3}}$ or 20 000, which can be compared"
    for number in unstated(said, claim.tree):
        yield (f"{claim.id}: the sentence says {number}; let an assert, or what sets a name in "
               "it, use that number with its sign (2^{53} as 2**53, 10^{-8} as 1e-8), once "
               "for each time that the sentence says it")
    if (found := ALL.search(plain_text(said))) and not CLASS.search(claim.source):
        yield (f"{claim.id}: the sentence says “{found[0]}”: say in a line `# class: …` how the "
               "whole class is covered: a proof in the text, or which members and which boundary")


def plain_text(text):
    """Return a text without formulas and code, in which words may mean something else."""
    return re.sub(r"\$[^$]+\$|`[^`]+`", " ", text)


def claims(chapter):
    """A claim cell asserts one thing a line, each under a name or a comment, and shows nothing."""
    for cell in chapter.of("claim"):
        asserts = [node for node in ast.walk(cell.tree) if isinstance(node, ast.Assert)]
        if not asserts:
            yield f"{cell.id}: holds no assert"
        if cell.outputs:
            yield f"{cell.id}: a claim cell shows nothing; show the value in a run cell before it"
        if f"say-{cell.word}" not in chapter.by_id:
            yield f"{cell.id}: no cell say-{cell.word} says it"
        lines = cell.source.splitlines()
        for node in asserts:
            text = ast.unparse(node.test)
            if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
                yield f"{cell.id}: `assert {text}`: one assert a line, without `and`"
            if not (says_what(node.test) or "#" in lines[node.end_lineno - 1]
                    or lines[max(0, node.lineno - 2)].lstrip().startswith("#")):
                yield f"{cell.id}: `assert {text}`: say in a comment what it shows"


def says_what(test):
    """Return whether a test has a name that speaks, such as `stuck` or `worst_error <= bound`."""
    return any(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and len(node.id) >= 5
               for node in ast.walk(test))


def tautologies(chapter):
    """No assert is decided by what the author wrote: by literals alone, or by comparing twins."""
    known = {}
    for cell in chapter.cells:
        for node in cell.tree.body:
            remember(node, known)
        if cell.step != "claim":
            continue
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name):
                known.setdefault(node.target.id, node.iter)
        for node in ast.walk(cell.tree):
            if not isinstance(node, ast.Assert):
                continue
            text = ast.unparse(node.test)
            if not computed(node.test, known, local_names(cell.tree)):
                yield (f"{cell.id}: `assert {text}` is arithmetic on what is written here: assert "
                       "what was computed, or say it in the text only")
            elif twins(node.test, known):
                yield f"{cell.id}: `assert {text}` compares an expression with itself"


def remember(node, known, under=()):
    """Keep what sets a name: the value of an assignment, the body of a function.

    What is counted or collected under a condition or in a loop depends on these too.
    """
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Name):
            known[target.id] = node.value
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            add(target.value.id, (node.value, *under), known)
        for place, name in enumerate(getattr(target, "elts", ())):
            if isinstance(name, ast.Name):
                known[name.id] = entry(node.value, place)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        add(node.target.id, (node.value, *under), known)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) \
            and isinstance(node.value.func, ast.Attribute) \
            and isinstance(node.value.func.value, ast.Name):  # found.append(value)
        add(node.value.func.value.id, (*node.value.args, *under), known)
    elif isinstance(node, ast.FunctionDef):
        known[node.name] = node
    elif isinstance(node, ast.For | ast.With | ast.If | ast.While):
        condition = getattr(node, "test", getattr(node, "iter", None))
        for inside in (*node.body, *getattr(node, "orelse", ())):
            remember(inside, known, (*under, *([condition] if condition else [])))
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            known.setdefault(node.target.id, node.iter)


def add(name, values, known):
    """Keep that a name holds more values, beside what set it before."""
    known[name] = ast.List([*([known[name]] if name in known else []), *values], ast.Load())


def entry(value, place):
    """Return one entry of what several names are set to."""
    if isinstance(value, ast.Tuple | ast.List) and place < len(value.elts):
        return value.elts[place]
    return ast.Subscript(value, ast.Constant(place), ast.Load())


def local_names(tree):
    """Return the names that comprehensions and loops of a cell bind."""
    loops = [node.target for node in ast.walk(tree)
             if isinstance(node, ast.comprehension | ast.For)]
    return {name.id for target in loops for name in ast.walk(target) if isinstance(name, ast.Name)}


def computed(node, known, bound=frozenset(), seen=frozenset()):
    """Return whether something in an expression was computed, by a call or in floating point."""
    if isinstance(node, ast.Name):
        if node.id in seen or (node.id in bound and node.id not in known):
            return False  # of itself, or of what only counts
        return node.id not in known or computed(known[node.id], known, bound, seen | {node.id})
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name in PLAIN:
            return any(computed(part, known, bound, seen) for part in node.args)
        if name in known:
            return name not in seen and computed(known[name], known, bound, seen | {name})
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) \
            and any(has_float(part, known) for part in (node.left, node.right)):
        return True  # A sum that is rounded: an experiment with floating-point numbers.
    if isinstance(node, ast.FunctionDef):
        own = {argument.arg for argument in node.args.args}
        return any(computed(part, {key: value for key, value in known.items() if key not in own},
                            bound | own, seen) for part in node.body)
    if isinstance(node, ast.Attribute):
        return computed(node.value, known, bound, seen)
    return any(computed(part, known, bound, seen) for part in ast.iter_child_nodes(node)
               if not isinstance(part, ast.expr_context | ast.operator | ast.cmpop))


def has_float(node, known, depth=4):
    """Return whether an operand is a float written out, or made by a type that rounds."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, float):
            return True
        if isinstance(part, ast.Call) and ast.unparse(part.func) in FLOATS:
            return True
        if isinstance(part, ast.Name) and isinstance(known.get(part.id), ast.expr) and depth \
                and has_float(known[part.id], known, depth - 1):
            return True
    return False


def twins(test, known):
    """Return whether a test compares two things that were set to the same expression."""
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.LtE | ast.GtE)):
        return False
    sides = [spelled_out(side, known) for side in (test.left, *test.comparators)]
    return any(left == right for left, right in itertools.pairwise(sides))


def spelled_out(node, known, depth=4):
    """Return the text of an expression with its names replaced by what set them."""
    class Replace(ast.NodeTransformer):
        def visit_Name(self, name):
            value = known.get(name.id)
            if not isinstance(value, ast.expr) or not depth or isinstance(name.ctx, ast.Store):
                return name
            return ast.parse(spelled_out(value, known, depth - 1), mode="eval").body

    tree = ast.parse(ast.unparse(node), mode="eval")
    return ast.unparse(Replace().visit(tree))


RULES = (laws, claims, tautologies)
