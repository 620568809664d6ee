"""What can be found in the book: one entry for each place to which a search can lead.

An entry is read from a page as Sphinx keeps it (its doctree), so generated pages have entries too.
Beside the text that a result shows, it holds the rare words of its place, which a result does not.
"""

import re
from dataclasses import dataclass, replace

from docutils import nodes
from sphinx import addnodes

from web.oneline import one_line
from web.places import anchor_of
from web.rare import HIDDEN, first_of, rough

SHOWN = {"symptom": 170, "term": 150}  # letters of an entry that a result may show ...
SOME = 100  # ... and of an entry of another kind
KINDS = ("symptom", "term", "law", "section", "exercise", "question", "exhibit", "belief")
LEADS = re.compile(r"→.*")  # where a symptom is explained
LABEL = re.compile(r"(?:Exercise|Question): ")
# Headings that hold others, or repeat what stands elsewhere.
FRAMES = {"Exercises", "Questions", "References", "Summary"}
LISTS = ("claims-of-", "museum-", "map-", "where-to-begin")
APART = (nodes.section, nodes.definition_list)  # have entries of their own
SILENT = (nodes.raw, nodes.footnote_reference, nodes.footnote, nodes.comment, nodes.target,
          nodes.system_message, addnodes.index)


@dataclass(frozen=True)
class Entry:
    """A place that can be found: its kind, page and anchor, the title of the page, what it says.

    `more` has the words that are found and not shown, `names` what else it is called.
    """

    kind: str
    page: str
    anchor: str
    where: str
    title: str
    text: str = ""
    more: str = ""
    names: str = ""


class Page:
    """A page that has been read, and the macros of its formulas."""

    def __init__(self, name, tree, macros=()):
        self.name, self.tree, self.macros = name, tree, tuple(macros)
        self.title = self.words(next(iter(tree.findall(nodes.title)), nodes.title("", name)))

    def entries(self):
        """Return the entries of the page, in its order."""
        found = [self.section(one) for one in self.tree.findall(nodes.section)]
        for one in self.tree.findall(nodes.definition_list):
            found += self.definitions(one)
        found += [self.law(one) for one in self.tree.findall(nodes.paragraph)
                  if "claim" in one["classes"]]
        if not self.name.endswith("self_test"):  # whose answers nobody is to look up
            found += [self.belief(one) for one in self.tree.findall(nodes.container)
                      if "quiz" in one["classes"]]
        found += [self.symbol(row) for row in self.tree.findall(nodes.row) if row["ids"]]
        return [one for one in found if one and one.title]

    def entry(self, kind, anchor, title, blocks=(), unseen=(), where=None):
        """Return an entry that shows the beginning of some blocks."""
        text = shortened(self.prose(blocks), SHOWN.get(kind, SOME))
        more = f"{rough([*blocks, *unseen])} {self.leads(blocks) if kind == 'symptom' else ''}"
        names = next((one["names_"] for block in blocks for one in block.findall(nodes.raw)
                      if "names_" in one), "") if kind == "symptom" else ""
        return Entry(kind, self.name, anchor, self.title if where is None else where, title,
                     text, more, names)

    def leads(self, blocks):
        """Return a mark for the title of each page to which some blocks link."""
        links = (one for block in blocks for one in block.findall(addnodes.pending_xref))
        return " ".join(mark(one["reftarget"]) for one in links)

    def section(self, section):
        """Return the entry of a section; None for one that only holds others."""
        title = self.words(section[0])
        if title in FRAMES or section["ids"][0].startswith(LISTS):
            return None
        own = [one for one in unwrapped(section[1:]) if not isinstance(one, APART)]
        kind = next((one for one in ("exercise", "question", "exhibit")
                     if one in section["classes"]), "section")
        anchor = "" if section.parent is self.tree else min(section["ids"], key=len)
        title = LABEL.sub("", title).strip("\"“”") if kind in ("exercise", "question") else title
        if kind == "exhibit":
            own = own[1:] + own[:1]  # where it was reported comes last
        if kind == "question":
            return replace(self.entry(kind, anchor, title, (), own), text="")
        name = "" if anchor else self.name.rpartition("/")[2]  # svd: the title has no SVD in it
        return self.entry(kind, anchor, title, own, [nodes.paragraph("", "", nodes.Text(name))])

    def definitions(self, entries):
        """Return the entries of a list of definitions: terms, symptoms, or parts of a section."""
        kind = "term" if "glossary" in entries["classes"] else "symptom"
        for item in entries.findall(nodes.definition_list_item):
            for term in item.findall(nodes.term):
                names = term["ids"]
                heading = first_of(term, nodes.section)
                where = "" if kind == "term" else self.words(heading[0]) if heading else self.title
                if names:
                    yield self.entry(kind, names[0], self.words(term), item[-1], (), where)
                elif heading:
                    yield self.entry("section", heading["ids"][0], self.words(term), item[-1])

    def law(self, paragraph):
        """Return the entry of a law: its bold sentence, and the place of its check."""
        link = next(one for one in paragraph.findall(nodes.reference)
                    if "headerlink" in one["classes"])
        strong = next(iter(paragraph.findall(nodes.strong)))
        return self.entry("law", link["refid"], self.words(strong))

    def belief(self, box):
        """Return the entry of a question about what people believe; the answer is not shown."""
        asked = re.sub(r"^\d+\.\s+", "", self.words(box[0]))
        return replace(self.entry("belief", box["ids"][0], asked, (), box.children), text="")

    def symbol(self, row):
        """Return the entry of a row of the table of symbols."""
        sign, meaning = row
        return self.entry("term", row["ids"][0], self.words(sign), meaning.children)

    def words(self, node):
        """Return what a node says, in one line."""
        return " ".join(self.said(node).split())

    def said(self, node):
        """Return what a node says, with blanks and line ends as they come."""
        if isinstance(node, nodes.Text):
            return node.astext()
        if isinstance(node, SILENT) or HIDDEN & set(node.get("classes", ())):
            return " "
        if isinstance(node, nodes.math | nodes.math_block):
            return one_line(node.astext(), self.macros)
        if isinstance(node, addnodes.pending_xref) and (node["reftype"], node["refexplicit"]) == (
                "doc", False):
            return mark(node["reftarget"])
        between = "" if isinstance(node, nodes.TextElement) else " "
        return between.join(self.said(one) for one in node.children)

    def prose(self, blocks):
        """Return the running text of some blocks, a little more than a result may show."""
        text = ""
        for block in blocks:
            if isinstance(block, nodes.paragraph | nodes.bullet_list | nodes.enumerated_list):
                text += f" {self.words(block)}"
            if len(text) > max(SHOWN.values()):
                break
        return " ".join(LEADS.sub("", text).split())


def mark(page):
    """Return what stands for the title of a page until all pages have been read."""
    return f"\0{page.rpartition('/')[2]}\0"


def titled(entry, titles):
    """Return an entry with the titles of pages in place of their marks."""
    def fill(text):
        return re.sub("\0(.*?)\0", lambda match: titles.get(match[1], match[1]), text)

    return replace(entry, title=fill(entry.title), text=fill(entry.text), more=fill(entry.more))


def name_symbols(tree):
    """Give each row of the table of symbols an anchor, from the words of its meaning."""
    for row in tree.findall(nodes.row):
        if isinstance(row.parent, nodes.tbody):
            name = f"symbol-{anchor_of(re.split('[:,;(]', row[1].astext())[0])}"
            if name not in tree.ids:
                row["ids"].append(name)
                tree.ids[name] = row


def unwrapped(blocks):
    """Yield blocks, and in place of what only wraps others, those: answers, folds."""
    for block in blocks:
        if isinstance(block, nodes.container) and "answer" in block["classes"]:
            yield from block
        else:
            yield block


def shortened(text, most):
    """Return a text, cut after a word where it is too long.

    Examples
    --------
    >>> shortened("one two three", 9)
    'one two…'
    >>> shortened("one two three", 13)
    'one two three'
    """
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0].rstrip(" ,;:.–—") + "…"
