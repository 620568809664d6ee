"""The words of a place that are worth finding, though no result shows them.

A word is if some title of the book has it, or if it is a name, and if few places have it.
"""

import math
import re
from collections import Counter
from dataclasses import replace

from docutils import nodes

HIDDEN = {"headerlink", "prediction", "stars", "beyond-line", "exercise-line"}
RARE = {"section": 18}  # words of a place that can be found beside what it shows ...
FEW = 6  # ... and of a place of another kind
COMMON = 1 / 20  # a word in more of the places than this tells none of them apart
CODE = 2.0  # by so much more is a name in code worth
WORD = re.compile(r"`?[A-Za-z][A-Za-z0-9_]{2,}")
NAME = re.compile(r"`.*|[A-Z]\w+|\w*[_\d]\w*|[a-z]+[A-Z]\w*")
# Of code, what others named: attributes and functions of modules, arguments by name; or all of it.
CALLED = re.compile(r"(?<=\.)[A-Za-z]\w{2,}|\b[A-Za-z]\w{2,}(?==[^=])|\A[A-Za-z]\w{2,}\Z")


def first_of(node, kind):
    """Return the nearest node of a kind around a node, or None."""
    while node is not None and not isinstance(node, kind):
        node = node.parent
    return node


def rough(blocks):
    """Return the words of some blocks, and of their code the names of what it calls."""
    return " ".join(words_of(text) for block in blocks for text in block.findall(nodes.Text))


def words_of(text):
    """Return what a piece of text adds to the words of its place."""
    box = first_of(text, nodes.container)
    if box is not None and HIDDEN & set(box["classes"]):
        return ""
    if first_of(text, nodes.literal_block | nodes.literal) is not None:
        return " ".join(f"`{name}" for name in CALLED.findall(text.astext()))
    formula = isinstance(text.parent, nodes.math | nodes.math_block | nodes.raw)
    return "" if formula else text.astext()


def with_rare_words(entries):
    """Return the entries, each with those of its further words that are worth finding."""
    titles = {word.lower() for one in entries for word in WORD.findall(one.title)}
    held = [Counter(word for word in WORD.findall(one.more)
                    if word.lower() in titles or NAME.fullmatch(word)) for one in entries]
    spread = Counter(plain(word) for words in held for word in words)
    most = max(2, COMMON * len(entries))
    found = []
    for one, words in zip(entries, held, strict=True):
        shown = {plain(word) for word in WORD.findall(f"{one.title} {one.text} {one.where}")}
        worth = Counter()
        for word, count in words.items():
            if plain(word) not in shown and spread[plain(word)] <= most:
                weight = CODE if word.startswith("`") else 1
                rare = math.log(len(entries) / spread[plain(word)])
                worth[plain(word)] = max(worth[plain(word)], weight * (1 + math.log(count)) * rare)
        best = sorted(worth, key=lambda word: (-worth[word], word))[:RARE.get(one.kind, FEW)]
        found.append(replace(one, more=" ".join(sorted(best))))
    return found


def plain(word):
    """Return a word in small letters, and without the mark of code."""
    return word.lower().removeprefix("`")
