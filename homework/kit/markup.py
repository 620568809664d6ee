"""Typeset the Markdown of chapters as HTML that needs no network, and as plain text.

Formulas become KaTeX's markup while this runs, as on the site; a page that holds some needs the
sheet that `sheet(page)` returns. References become names and years, links to chapters their words.
"""

import base64
import html
import re
from functools import cache

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from homework.kit import ROOT
from web.mathematics import END, KATEX, TexError, typeset, visible

MATH = re.compile(rf'<(span|div) class="math">.*?{END}</\1>', re.DOTALL)
UNSEEN = re.compile(r"<pre\b.*?</pre>|<script\b.*?</script>|<svg\b.*?</svg>|<aside\b.*?</aside>"
                    r"|<template\b.*?</template>", re.DOTALL)
WORD = re.compile(r"[^\W\d_][\w'’-]*")


@cache
def macros():
    """Return the book's own TeX macros."""
    text = (ROOT / "_config.yml").read_text(encoding="utf-8")
    return tuple(sorted(yaml.safe_load(text)["sphinx"]["config"]["katex_macros"].items()))


def formula(tex, display=False):
    """Return a formula as HTML; its source as code if it cannot be typeset."""
    tag = "div" if display else "span"
    try:
        return f'<{tag} class="math">{typeset(tex.strip(), display, macros())}{END}</{tag}>'
    except TexError:
        return f"<code>{html.escape(tex)}</code>"


@cache
def sources():
    """Return {key: "Author and Author (year)"} of the book's references."""
    text = (ROOT / "chapters" / "references.bib").read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"^@", text, flags=re.MULTILINE)[1:]:
        key = re.match(r"\w+\{([^,]+),", entry)[1]
        field = {name: re.search(rf"\b{name} = \{{(.*?)\}},?\n", entry, re.DOTALL)
                 for name in ("author", "year")}
        names = [one.partition(",")[0].strip() for one in
                 re.split(r"\s+and\s+", field["author"][1])] if field["author"] else [key]
        who = f"{names[0]} and others" if len(names) > 2 else " and ".join(names)
        year = f" ({field['year'][1]})" if field["year"] else ""
        found[key] = re.sub(r"[{}\\\"]", "", who) + year
    return found


def role(name, text):
    """Return the words of a role of MyST, such as {term}`softmax`."""
    if name == "footcite:p":
        return ""
    if name == "footcite:t":
        return "; ".join(sources().get(key.strip(), key) for key in text.split(","))
    words = re.sub(r"\s*<[^>]*>$", "", text)
    return heading_of(words) if name == "doc" and words == text else words


@cache
def heading_of(topic):
    """Return the title of a page of the book, or its name."""
    from homework.kit import lessons  # which knows nothing of markup

    return lessons.title(lessons.lesson(topic)) if topic in lessons.order() else topic


def flat(text):
    """Return Markdown without roles, comments and links: words, code and formulas remain."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\{footcite:p\}`[^`]*`", "", text)
    text = re.sub(r"\{([\w:]+)\}`([^`]*)`", lambda found: role(found[1], found[2]), text)
    return re.sub(r"(?<!!)\[([^\]]+)\]\([^)]*\)", r"\1", text)


@cache
def parser():
    """Return the parser of Markdown, with its renderers for formulas."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.use(dollarmath_plugin, allow_space=True, double_inline=True).use(myst_role_plugin)
    made.add_render_rule("math_inline", lambda self, tokens, at, *_: formula(tokens[at].content))
    for kind in ("math_block", "math_inline_double", "math_block_label"):
        made.add_render_rule(kind, lambda self, tokens, at, *_: formula(tokens[at].content, True))
    return made


def block(text):
    """Return Markdown as HTML."""
    text = re.sub(r"^(`{3,}|:{3,})\{.*?^\1\s*$", "", flat(text), flags=re.DOTALL | re.MULTILINE)
    return closed(parser().render(re.sub(r"</?(details|summary)>", "", text)))


def line(text):
    """Return one paragraph of Markdown as HTML without its tags."""
    return closed(parser().renderInline(" ".join(flat(text).split())))


def closed(page):
    """Return HTML in which no line ends between a formula and the stop after it."""
    return re.sub(rf'(<span class="math">(?:(?!{END}).)*{END}</span>)([,.;:?!)]+)',
                  r'<span class="tight">\1\2</span>', page, flags=re.DOTALL)


def plain(text):
    """Return Markdown as words for a mail or a poll; formulas keep their TeX, code its letters."""
    text = re.sub(r"\$\$?(.+?)\$\$?", lambda found: tex(found[1]), flat(text), flags=re.DOTALL)
    text = re.sub(r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    return " ".join(text.replace("`", "").replace("\ue001", "*").split())


def tex(text):
    """Return a formula as somebody types it: signs for the commonest commands."""
    signs = {r"\times": "×", r"\cdot": "·", r"\le": "≤", r"\ge": "≥", r"\kappa": "κ", r"\,": " ",
             r"\infty": "∞", r"\pi": "π", r"\lambda": "λ", r"\sigma": "σ", r"\alpha": "α",
             r"\eps": "ε", r"\approx": "≈", r"\ne": "≠", r"\log": "log", r"\max": "max",
             r"\min": "min", r"\pm": "±", r"\ ": " ", r"\!": "", r"\;": " ", r"\mu": "μ",
             r"\delta": "δ", r"\theta": "θ", r"\dots": "…", r"\ldots": "…", r"\sqrt": "√"}
    for command in sorted(signs, key=len, reverse=True):
        end = r"(?![a-zA-Z])" if command[-1].isalpha() else ""
        text = re.sub(re.escape(command) + end, lambda _, sign=signs[command]: sign, text)
    text = re.sub(r"\\(?:mathrm|mathsf|text|operatorname|bm)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\^\{?\\?(?:mathsf )?T\}?", "ᵀ", text)
    text = re.sub(r"[_^]\{([^{}]{1})\}", lambda found: found[0][0] + found[1], text)
    text = re.sub(r"\^\{([^{}]*)\}", r"^(\1)", text)
    text = re.sub(r"\^\((-?\d+)\)", r"^\1", text)
    return text.replace("*", "\ue001")


def words(page):
    """Return the words in sight of some HTML: neither formulas, nor code in blocks, nor notes."""
    text = UNSEEN.sub(" ", MATH.sub(" ", page))
    return WORD.findall(html.unescape(re.sub(r"<[^>]+>", " ", text)))


def sheet(page):
    """Return KaTeX's style sheet for some HTML, its fonts inside and cut to what they draw."""
    from web.sheets import cut

    def font(found):
        data = base64.b64encode(cut(KATEX / found[1], drawn)).decode()
        return f'url(data:font/woff2;base64,{data}) format("woff2")'

    drawn = visible(page)
    if not drawn:
        return ""
    style = (KATEX / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r'(format\("woff2"\))(?:,\s*url\([^)]*\)\s*format\("\w+"\))+', r"\1", style)
    faces = re.findall(r"@font-face\{[^}]*\}", style)
    wanted = needed_fonts(page)
    for face in faces:
        if not wanted & set(re.findall(r"KaTeX_\w+", face)):
            style = style.replace(face, "")
    return re.sub(r'url\(([^)]*woff2)\)\s*format\("woff2"\)', font, style)


def needed_fonts(page):
    """Return the families of KaTeX that some HTML can draw with."""
    fonts = {"KaTeX_Main", "KaTeX_Math", "KaTeX_AMS"}
    classes = {"mathcal": "Caligraphic", "mathfrak": "Fraktur", "mathscr": "Script",
               "mathtt": "Typewriter", "texttt": "Typewriter", "mathsf": "SansSerif",
               "textsf": "SansSerif"}
    fonts |= {f"KaTeX_{font}" for name, font in classes.items() if name in page}
    return fonts | {f"KaTeX_Size{size}" for size in "1234"}
