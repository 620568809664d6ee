"""Typeset the formulas of a page of feedback while it is made, so that it loads nothing.

KaTeX writes MathML, which browsers draw themselves. Its commands that link, load or style stay
off, as they are by default. A formula that cannot be read, or is long, is shown as it was typed.
"""

import html
import json
import re
from functools import cache

LENGTH, COUNT = 2000, 500  # letters of a formula; formulas of a page
STACK, MEMORY = 2**20, 2**28  # bytes of the engine: what is nested deeper is no formula
# Definitions make much of little: a formula that has one is shown as it was typed.
DEFINES = re.compile(
    r"\\(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand|global|long)\b")
NAMES = "\ue000", "\ue001"  # around the number of a formula; no text keeps them
OPTIONS = {"output": "mathml", "strict": "ignore", "throwOnError": True, "maxSize": 20}


@cache
def _render():
    """Return KaTeX's function, in an engine whose stack ends long before Python's."""
    import quickjs

    from web.mathematics import KATEX, RENDER

    context = quickjs.Context()
    context.set_max_stack_size(STACK)
    context.set_memory_limit(MEMORY)
    context.eval((KATEX / "katex.min.js").read_text(encoding="utf-8") + "\n;0")
    context.eval(RENDER)
    return context.get("render")


def mathml(tex, display=False):
    r"""Return a formula as MathML, or as the text that it is where KaTeX cannot read it.

    Parameters
    ----------
    tex : str
        The formula, without the signs around it.
    display : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str
        HTML in which nothing of the formula is a tag, a link or a script.

    Examples
    --------
    >>> mathml(r"\kappa")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>κ</mi></math>'
    >>> mathml(r"\href{javascript:x}{<b>}"), mathml("{", display=True)
    ('$\\href{javascript:x}{&lt;b&gt;}$', '$${$$')
    """
    sign = "$$" if display else "$"
    as_typed = html.escape(f"{sign}{tex}{sign}", quote=False)
    if len(tex) > LENGTH or DEFINES.search(tex):
        return as_typed
    answer = json.loads(_render()(tex, json.dumps(OPTIONS | {"displayMode": display})))
    markup = answer.get("markup", "")
    if not markup or "#cc0000" in markup:  # KaTeX's colour for a command that is off
        return as_typed
    markup = re.sub(r"<annotation.*?</annotation>|</?(?:semantics|span)[^>]*>", "", markup,
                    flags=re.DOTALL)
    return re.sub(r"<mrow>(<m[ion]>[^<]*</m[ion]>)</mrow>(?=</math>)", r"\1", markup)


class Kept:
    """The formulas of a page: names for what is typeset, put in place when the rest is cleaned.

    Examples
    --------
    >>> kept = Kept()
    >>> kept.filled(f"<p>{kept.name('n u')}</p>")
    '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>n</mi><mi>u</mi></mrow></math></p>'
    """

    def __init__(self):
        self.formulas = []

    def name(self, tex, display=False):
        """Return the name of a formula, which `readable` left no text."""
        if len(self.formulas) >= COUNT:
            return html.escape(f"${tex}$", quote=False)
        self.formulas.append(mathml(tex, display))
        return f"{NAMES[0]}{len(self.formulas) - 1}{NAMES[1]}"

    def filled(self, page):
        """Return a page with the formulas in the places of their names."""
        def formula(found):
            place = int(found[1])
            return self.formulas[place] if place < len(self.formulas) else ""

        return re.sub(rf"{NAMES[0]}(\d{{1,4}}){NAMES[1]}", formula, page)


def readable(source):
    """Return Markdown without the letters that name formulas: a text could repeat one for ever."""
    return source.translate(dict.fromkeys(map(ord, NAMES)))


def renderer(kept):
    """Return a class of nbconvert's renderer that leaves the names of formulas in the text."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer

    class Renderer(IPythonRenderer):
        def inline_math(self, body):
            return kept.name(body)

        def block_math(self, body):
            return kept.name(body, display=True)

        def latex_environment(self, name, body):
            tex = f"\\begin{{{name}}}{body}\\end{{{name}}}"
            return kept.name(tex, display=True)

    return Renderer
