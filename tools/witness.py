"""Make a failed assert of a chapter say what it compared: an extension of IPython.

`assert gap == 8` fails with nothing behind "AssertionError:". With this extension it says
"`gap == 8` is false: gap = 16.0". An assert that has a message of its own keeps it.
"""

import ast

LENGTH = 200  # of a value as it is shown


class Witness(ast.NodeTransformer):
    """Give each assert without a message one that is made when it fails."""

    def visit_Assert(self, node):
        """Return the assert with a message."""
        if node.msg is None:
            test = ast.unparse(node.test)
            call = f"__import__('witness').falsehood({test!r}, {{**globals(), **locals()}})"
            node.msg = ast.parse(call, mode="eval").body
            ast.copy_location(node.msg, node)
        return ast.fix_missing_locations(node)


def falsehood(test, names):
    """Return which parts of an expression are false, with the values in them."""
    return "; ".join(parts(ast.parse(test, mode="eval").body, names))


def parts(node, names):
    """Return a sentence for each part, joined by `and` or `or`, that makes an expression false."""
    if isinstance(node, ast.BoolOp):
        wrong = [operand for operand in node.values if not value(operand, names)]
        wrong = wrong[:1] if isinstance(node.op, ast.And) else wrong
        return [sentence for operand in wrong for sentence in parts(operand, names)]
    seen = {ast.unparse(one): shown(one, names) for one in operands(node)}
    told = ", ".join(f"{text} = {what}" for text, what in seen.items())
    return [f"`{ast.unparse(node)}` is false" + (f": {told}" if told else "")]


def operands(node):
    """Return the parts of an expression whose values tell why it is false; no literals."""
    if isinstance(node, ast.Compare):
        inner = [node.left, *node.comparators]
    elif isinstance(node, ast.UnaryOp):
        return operands(node.operand)
    elif isinstance(node, ast.Call):  # all(x <= bound), np.isclose(a, b)
        return [one for argument in node.args for one in operands(argument)]
    else:
        inner = [node]
    return [one for one in inner
            if any(isinstance(part, ast.Name) for part in ast.walk(one))
            and not isinstance(one, ast.GeneratorExp)]


def value(node, names):
    """Return the value of an expression; an exception is a value here."""
    try:
        return eval(compile(ast.Expression(node), "assert", "eval"), names)
    except Exception as error:
        return error


def shown(node, names):
    """Return a value on one line, shortened."""
    text = " ".join(repr(value(node, names)).split())
    return text if len(text) <= LENGTH else text[:LENGTH] + " ..."


def load_ipython_extension(shell):
    """Watch the asserts of all cells from here on."""
    shell.ast_transformers.append(Witness())
