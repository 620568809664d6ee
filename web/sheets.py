"""Join style sheets into one: imports followed, dead rules left out, fonts cut to their glyphs.

The theme's sheets weigh more than a page may, and its icon font most of that. A rule stays if the
book uses all classes of one of its selectors, a property of its own (--name) if anything asks for
it; a font keeps the glyphs that the formulas and the rules that stay can draw.
"""

import base64
import io
import logging
import re
import unicodedata
from itertools import pairwise

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from tinycss2.ast import URLToken

logging.getLogger("fontTools").setLevel("ERROR")  # its progress is no warning of the build

# On every page and small when cut down: these fonts travel inside the sheet. Others stay files,
# which a browser fetches when a page needs them.
INLINE = ("fa-solid", "fa-brands", "KaTeX_Main-Regular", "KaTeX_Math-Italic", "KaTeX_AMS",
          "KaTeX_Size")
NESTING = ("media", "supports", "layer", "container")  # at-rules that hold rules
OWN = re.compile(r"""(?<=[{;\s])(--[\w-]+)\s*:(?:"(?:\\.|[^"\\])*"|url\([^")]*\)|[^;{}"])*;?""")
MORE_FORMATS = re.compile(r'(format\("woff2"\))(?:,\s*url\([^)]*\)\s*format\("\w+"\))+')


def joined(paths, words, drawn, static, own=None):
    """Return one sheet for `static` with what the words name and the drawn characters need.

    `own` has the characters of fonts that draw few of them, by the start of their names; the fonts
    of icons draw what stands in the rules for private use, and no letters.
    """
    rules = [rule for path in paths for rule in used(read(path), words)]
    written = "".join(token.value for token in walk(rules, "string"))
    characters = {*drawn, *written}
    own = {"fa-": {one for one in written if unicodedata.category(one) == "Co"},
           **(own or {})}
    for address in walk(rules, "url"):
        if isinstance(address, Address):
            mine = [few for name, few in own.items() if address.path.name.startswith(name)]
            needed = mine[0] if mine else characters
            address.representation = f'url("{placed(address.path, needed, static)}")'
    return f'@charset "utf-8";{asked_for(tinycss2.serialize(rules), words)}'


def asked_for(sheet, words):
    """Return a sheet without the properties of its own that neither it nor the words name."""
    asked = words.union(re.findall(r"var\(\s*(--[\w-]+)", sheet))
    less = OWN.sub(lambda match: match[0] if match[1] in asked else "", sheet)
    return less if less == sheet else asked_for(less, words)


def read(path):
    """Return the rules of a sheet and of those that it imports; each address knows its path."""
    text = MORE_FORMATS.sub(r"\1", path.read_text(encoding="utf-8"))
    rules = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            rules += read(path.parent / next(walk(rule.prelude, "string", "url")).value)
        else:
            rules.append(tidy(rule, path.parent))
    return rules


class Address(URLToken):
    """An address in a sheet that names a file, and the path of that file."""

    def __init__(self, token, folder):
        super().__init__(token.source_line, token.source_column, token.value, "")
        self.path = (folder / re.sub(r"[?#].*", "", token.value)).resolve()


def tidy(node, folder):
    """Return a node without comments and indents, with each address of a file as an Address."""
    if node.type == "url" or (node.type == "function" and node.lower_name == "url"):
        token = next(walk([node], "url", "string"))
        local = not token.value.startswith(("data:", "#", "http"))
        return Address(token, folder) if local else node
    if node.type == "whitespace":
        node.value = " "
    for inside in ("prelude", "content", "arguments"):
        if getattr(node, inside, None):
            setattr(node, inside, [tidy(child, folder) for child in getattr(node, inside)
                                   if child.type != "comment"])
    return node


def walk(nodes, *types):
    """Yield the tokens of these types, or all, in nodes and what they hold."""
    for node in nodes:
        if not types or node.type in types:
            yield node
        for inside in ("prelude", "content", "arguments"):
            yield from walk(getattr(node, inside, None) or (), *types)


def used(rules, words):
    """Return the rules whose classes are among the words; of lists of selectors, what is left."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            parts = [part for part in selectors(rule.prelude) if words.issuperset(classes(part))]
            rule.prelude = [token for part in parts for token in (COMMA, *part)][1:]
            kept += [rule] if parts else []
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content:
            inside = tinycss2.parse_rule_list(rule.content, skip_whitespace=True)
            rule.content = used(inside, words)
            kept += [rule] if rule.content else []
        else:
            kept.append(rule)
    return kept


COMMA = tinycss2.parse_one_component_value(",")


def selectors(prelude):
    """Return the selectors of a rule, each a list of tokens."""
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def classes(selector):
    """Return the classes that a selector asks for, but not what stands in its parentheses."""
    return [name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"]


def placed(path, characters, static):
    """Return where a file stands as seen from `static`; a font, cut down, is put there first."""
    if path.suffix != ".woff2":
        return path.relative_to(static).as_posix()
    data = cut(path, characters)
    if path.name.startswith(INLINE):
        return f"data:font/woff2;base64,{base64.b64encode(data).decode()}"
    (static / path.name).write_bytes(data)
    return path.name


def cut(source, characters):
    """Return a woff2 font with the wanted characters only, the same bytes on every build.

    One character stays where none is wanted: browsers refuse a font that has none.
    """
    face = TTFont(source, recalcTimestamp=False)
    held = face.getBestCmap()
    smaller = subset.Subsetter(subset.Options(hinting=False, notdef_outline=True))
    smaller.populate(unicodes=sorted(held.keys() & map(ord, characters) or {min(held)}))
    smaller.subset(face)
    face.flavor = "woff2"
    data = io.BytesIO()
    face.save(data)
    return data.getvalue()
