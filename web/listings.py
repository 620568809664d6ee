"""Give each line of a listing an element of its own, so that a long one can wrap with a mark.

The style (`assets/chapter.css`) hangs what follows a break below the line's own indent. What a cell
prints keeps its columns, and scrolls where it does not fit.
"""

import re

LISTING = re.compile(r'(<div class="highlight-(?:i?python|py|bash|console|toml|yaml|text)\w* '
                     r'notranslate">\s*<div class="highlight"><pre>)(.*?)(</pre>)', re.S)
PRINTED = re.compile(r'(<div class="output (?:text_plain|stream|traceback)\b)')
TAG = re.compile(r"<[^>]*>")
INDENT = re.compile(r" *")
# Names, brackets, operators and blanks look like the text around them: a sixth of a page's weight
# lay in saying so.
PLAIN = re.compile(r'<span class="[npow]">([^<]*)</span>')


def wrap_lines(page):
    """Return a page with a span around each line of its listings; twice is as once."""
    return LISTING.sub(lambda match: match[1] + spans(match[2]) + match[3], page)


def spans(code):
    """Return the lines of a listing, each in a span that knows its indent."""
    if 'class="ln"' in code:
        return code
    code = PLAIN.sub(r"\1", code)
    lines = code.removeprefix("<span></span>").removesuffix("\n").split("\n")
    return "".join(f'<span class="ln"{indent(line)}>{line}\n</span>' for line in lines)


def indent(line):
    """Return the style that says by how many columns a line is indented, if it is."""
    columns = len(INDENT.match(TAG.sub("", line))[0])
    return f' style="--in:{columns}"' if columns else ""
