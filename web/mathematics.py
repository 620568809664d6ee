"""Typeset mathematics while the book is built.

KaTeX runs inside Python, in a JavaScript engine of a few megabytes, so a reader loads no script, no
line moves after the first paint, and a writer needs no Node. A TeX error is a warning of the build
that names file and line.
"""

import html
import json
import re
from functools import cache
from pathlib import Path

import quickjs
from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

KATEX = Path(__file__).parent / "vendor" / "katex"
END = "<!--/math-->"  # after an inline formula, so that plain() can cut its visual half
log = logging.getLogger(__name__)

# The answer crosses to Python as JSON: the engine cannot hand over a string that it has
# concatenated lazily, and its exceptions carry such strings.
RENDER = """
function render(tex, options) {
  try { return JSON.stringify({markup: katex.renderToString(tex, JSON.parse(options))}); }
  catch (error) { return JSON.stringify({fault: String(error.message)}); }
}
0;"""


class TexError(ValueError):
    """A formula that KaTeX cannot read."""


@cache
def engine():
    """Return KaTeX's render function."""
    context = quickjs.Context()
    context.set_max_stack_size(8 * 2**20)
    context.eval((KATEX / "katex.min.js").read_text(encoding="utf-8") + "\n;0")
    context.eval(RENDER)
    return context.get("render")


@cache
def typeset(tex, display=False, macros=()):
    """Return a formula as HTML for the eye and MathML for screen readers.

    `macros` is a tuple of (name, expansion) pairs. Raises TexError with KaTeX's own message.
    """
    options = {"displayMode": display, "macros": dict(macros), "strict": "ignore",
               "throwOnError": True}
    answer = json.loads(engine()(tex, json.dumps(options)))
    if "fault" in answer:
        raise TexError(answer["fault"])
    return answer["markup"]


def formula(translator, node, tex, display):
    """Return the HTML of a formula of the book; warn about one that cannot be typeset."""
    macros = tuple(sorted(translator.config.katex_macros.items()))
    try:
        return typeset(with_numbers(tex, translator.builder.env, node), display, macros)
    except TexError as error:
        log.warning("%s", error, location=node, type="katex")
        return f"<code>{html.escape(tex)}</code>"


def with_numbers(tex, env, node):
    r"""Replace \eqref by the equation's number: a link would hide in KaTeX's visual half."""

    def number(match):
        equation = env.get_domain("math").equations.get(match[1])
        if equation is None:
            log.warning("no equation is labelled %r", match[1], location=node, type="katex")
        return rf"\text{{({equation[1] if equation else '?'})}}"

    return re.sub(r"\\eqref\{([^}]*)\}", number, tex)


def visit_math(self, node):
    """Write an inline formula."""
    markup = formula(self, node, node.astext(), False)
    self.body.append(f'<span class="math">{markup}{END}</span>')
    raise nodes.SkipNode


def visit_math_block(self, node):
    """Write a display, its number before it."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    markup = formula(self, node, display_source(node), True)
    self.body.append(f'<div class="formula">{markup}</div></div>\n')
    raise nodes.SkipNode


def display_source(node):
    r"""Return the TeX of a display whose one number is printed by Sphinx, not by KaTeX."""
    tex = node.astext()
    if r"\label" in tex:
        log.warning(r"\label inside a formula: write $$ ... $$ (label)", location=node,
                    type="katex")
        tex = re.sub(r"\\label\{[^}]*\}", "", tex)
    tex = re.sub(r"\\(begin|end)\{(equation|align|alignat|gather)\}", r"\\\1{\2*}", tex)
    if not node["nowrap"] and r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{split}}{tex}\end{{split}}"
    return tex


def plain(markup):
    """Return a title without markup: of each formula only its MathML text remains."""
    markup = re.sub(r"<annotation.*?</annotation>", "", markup, flags=re.S)
    markup = re.sub(rf'<span class="katex-html".*?{END}', "", markup, flags=re.S)
    return re.sub(r"<[^>]+>", "", markup)


def visible(pages):
    """Return the characters that KaTeX's fonts draw on some pages."""
    drawn = re.findall(rf'<span class="katex-html".*?(?:{END}|</div>)', pages, re.S)
    return set(html.unescape(re.sub(r"<[^>]*>", "", "".join(drawn))))


def set_in(pages, *classes):
    """Return the characters that formulas set in a font of their own, named by its classes."""
    drawn = re.findall(rf'<span class="[^"]*\b(?:{"|".join(classes)})\b[^"]*"[^>]*>([^<]*)', pages)
    return set(html.unescape("".join(drawn)))


def setup(app):
    """Register the renderer."""
    app.add_config_value("katex_macros", {}, "html", dict)
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
