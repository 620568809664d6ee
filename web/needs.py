"""What a chapter builds on: the chapters that it names, and what it takes over from them.

The title of a chapter names what it needs, and the contract of chapters holds it to that: whatever
it uses of `lib` was taught there or in a chapter that it needs (`tools/author/uses.py`).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from web.contents import chapters, title
from web.ends import minutes
from web.mathematics import plain

AUTHOR = Path(__file__).parents[1] / "tools" / "author"


@dataclass(frozen=True)
class Chapter:
    """A chapter: its page, its title, the minutes of its core path, what it needs and takes over.

    `needs` holds topics; `takes` has, for names of lib that it uses, the topic that teaches them.
    """

    topic: str
    page: str
    title: str
    core: int
    needs: tuple
    takes: dict


def read(env):
    """Return {topic: Chapter} of the book, in order."""
    sys.path += [str(AUTHOR), str(AUTHOR.parent)]
    import uses
    from chapter import read as cells_of

    found, cells = {}, {}
    for page, path, notebook in chapters(env):
        topic, cells[path.stem] = path.stem, cells_of(path)
        needs = tuple(one for one in cells if one in uses.needed(cells[topic]) and one != topic)
        found[topic] = Chapter(
            topic, page, plain(title(notebook)), int((minutes(notebook) or (0, 0))[1]), needs,
            taken(cells[topic], all_before(found, needs), {one: uses.taught(cells[one])
                                                           for one in cells}, uses))
    return found


def taken(own, before, taught, uses):
    """Return {name of lib that a chapter uses and does not teach: the first topic that does}."""
    found = {}
    for name in uses.used(own):
        if name not in taught[own.topic]:
            found[name] = next((one for one in before if name in taught[one]), None)
    return {name: topic for name, topic in found.items() if topic}


def all_before(book, needs):
    """Return some topics and all that they need in turn, in the order of the book."""
    found = set(needs)
    for topic in needs:
        found |= set(all_before(book, book[topic].needs))
    return [topic for topic in book if topic in found]


def direct(book, topic):
    """Return what a chapter needs and no other of its needs needs already."""
    needs = book[topic].needs
    return [one for one in needs
            if not any(one in all_before(book, book[other].needs) for other in needs)]
