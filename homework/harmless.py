"""Make what a student's code has shown harmless to the browser of whoever reads it.

Formgrader shows outputs in the session of the instructor: a script among them could set marks.
Texts and pictures remain, whose form is checked; HTML, scripts and LaTeX do not.
"""

import base64
import binascii
import re

OUTPUTS, TEXT, PICTURE = 100, 30_000, 4 * 2**20  # of a cell; letters; letters in base64
PROSE, ALL_PROSE = 20_000, 100_000  # letters of a cell of Markdown, of a submission's
PICTURES = ("image/png", "image/jpeg")
WEB = r"https?://[\w./?=&%#~:+,;@-]+"  # where links may lead
MACROS = ("href", "require", "style", "class", "cssId", "data", "url", "includegraphics",
          "mmlToken", "unicode")  # of MathJax, that make links or change the page
TAGS = frozenset((
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "kbd", "li", "mark",
    "ol", "p", "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul"))


def outputs_of(found):
    """Return those of the outputs of a cell that have the form of one, shortened."""
    if not isinstance(found, list):
        return []
    return [clean for raw in found[:OUTPUTS] if (clean := _output(raw)) is not None]


def _output(raw):
    """Return one output; None where it has no known form."""
    kind = text(raw.get("output_type")) if isinstance(raw, dict) else ""
    if kind == "stream":
        name = "stderr" if text(raw.get("name")) == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": text(raw.get("text"))}
    if kind == "error":
        lines = raw.get("traceback")
        lines = lines if isinstance(lines, list) else []
        return {"output_type": kind, "ename": text(raw.get("ename"), 100),
                "evalue": text(raw.get("evalue"), 2000),
                "traceback": [text(line, 2000) for line in lines[:50]]}
    if kind in ("display_data", "execute_result") and isinstance(raw.get("data"), dict):
        data = {name: picture(raw["data"].get(name)) for name in PICTURES}
        data = {name: value for name, value in data.items() if value}
        data["text/plain"] = text(raw["data"].get("text/plain"))
        return {"output_type": "display_data", "data": data, "metadata": {}}
    return None


def text(value, most=TEXT):
    """Return a text of at most so many letters, of those that a file of JSON can hold.

    Examples
    --------
    >>> text("a" * 20, 10), text(3)
    ('aaaaaaaaaa [cut]', '')
    """
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "replace").decode()
    return value if len(value) <= most else value[:most] + " [cut]"


def picture(value):
    """Return a picture in base64, or an empty text where it is none."""
    if not isinstance(value, str) or len(value) > PICTURE:
        return ""
    try:
        data = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    known = data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
    return base64.b64encode(data).decode() if known else ""


def prose(source, pictures=(), most=PROSE):
    """Return a text of Markdown without tags, pictures from elsewhere and mathematics that links.

    It has at most so many letters, and no long run of blanks: rendering takes a time that grows
    with the square of both.

    Links are those to http and https, in letters that Markdown leaves alone, and pictures those of
    the cell's attachments, by their names; others are shown as text.

    Examples
    --------
    >>> prose("a<b, $x < y$ and <script>alert(1)</script>, [x](JavaScript:y)")
    'a< b, $x < y$ and < script>alert(1)< /script>, [x] (JavaScript :y)'
    """
    source = re.sub(r"[^\S\n]{100,}", " ", text(source, most))
    source = re.sub(r"<(?=[A-Za-z/!?])", "< ", source)
    source = re.sub(r"(?i)(javascript|vbscript)\s*:", r"\1 :", source)
    source = re.sub(r"(?i)&(?=#|colon|tab|newline)", "& ", source)
    names = "|".join(re.escape(name) for name in pictures)  # another is an error of nbconvert's
    own = rf"attachment:(?:{names})" if names else "(?!)"
    source = re.sub(rf"!\[(?![^\[\]\n]*\]\({own}\))", "! [", source)
    source = re.sub(rf"\](?=\()(?!\((?:{WEB}|{own})\))", "] ", source)
    source = re.sub(rf"\](?=:)(?!:[ \t]+{WEB}[ \t]*(?:\n|$))", "] ", source)
    return re.sub(rf"(?<!\\)\\+(?=(?:{'|'.join(MACROS)})(?![A-Za-z]))", " ", source)


def page(rendered):
    """Return HTML that was made of Markdown without scripts, remote pictures and other links.

    Examples
    --------
    >>> page('<p onclick="x()"><a href="javascript:x()">a</a><script>x()</script></p>')
    '<p><a>a</a>&lt;script&gt;x()&lt;/script&gt;</p>'
    """
    import bleach

    return bleach.clean(rendered, tags=TAGS, attributes=_permitted,
                        protocols={"http", "https", "mailto", "data"})


def _permitted(tag, name, value):
    """Return whether a tag may have an attribute of a value."""
    if name == "href":
        return tag == "a" and bool(re.match(r"https?://|mailto:|#|(?!//)[\w./-]*$", value))
    if name == "src":
        return tag == "img" and bool(re.match(
            r"data:image/(png|jpeg|gif);base64,|(?!//)[\w./-]*$", value))
    return name in ("alt", "title", "id", "class", "align", "type", "checked", "disabled", "open",
                    "colspan", "rowspan", "scope", "start")


def attachments(found):
    """Return the pictures among the attachments of a cell, by names without any markup."""
    kept = {}
    for name, bundle in list(found.items())[:20]:
        if re.fullmatch(r"[\w .-]{1,80}", str(name)) and isinstance(bundle, dict):
            data = {kind: picture(bundle.get(kind)) for kind in PICTURES}
            data = {kind: value for kind, value in data.items() if value}
            kept |= {name: data} if data else {}
    return kept
