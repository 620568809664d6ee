"""The tags of a PDF, which say to a screen reader what is a heading, a list, a formula.

A tag is a dict of pypdf: what it is (/S), what it holds (/K: tags, and runs of letters, which are
numbers within their page /Pg), and the tag above it (/P). A tree of parents leads from the runs of
each page back to the tags.
"""

from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject

MUTE = "/NonStruct"


def join(writer, reader, first):
    """Put the tags of a file, whose pages a writer has from `first` on, beside those of others.

    Its numbers in the tree of parents go on where those of the files before it end.
    """
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    simplify(root)
    tree, whole = root.clone(writer), whole_of(writer)
    past = whole["/ParentTreeNextKey"]
    for page, old in zip(writer.pages[first:], reader.pages, strict=True):
        if "/StructParents" in old:  # which pypdf leaves out of a page
            page[NameObject("/StructParents")] = NumberObject(old["/StructParents"] + past)
        for note in (place.get_object() for place in page.get("/Annots", ())):
            if "/StructParent" in note:
                note[NameObject("/StructParent")] = NumberObject(note["/StructParent"] + past)
    for number, found in leaves(tree["/ParentTree"]):
        whole["/ParentTree"]["/Nums"].extend((NumberObject(number + past), found))
    whole[NameObject("/ParentTreeNextKey")] = NumberObject(past + tree["/ParentTreeNextKey"])
    for top in listed(raw(tree, "/K")):
        top.get_object()[NameObject("/P")] = whole.indirect_reference
        whole["/K"].append(top)


def whole_of(writer):
    """Return the root of all tags of a writer, a new one if it has none."""
    if "/StructTreeRoot" not in writer.root_object:
        root = DictionaryObject({
            NameObject("/Type"): NameObject("/StructTreeRoot"), NameObject("/K"): ArrayObject(),
            NameObject("/ParentTree"): DictionaryObject({NameObject("/Nums"): ArrayObject()}),
            NameObject("/ParentTreeNextKey"): NumberObject(0)})
        marked = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
        writer.root_object[NameObject("/StructTreeRoot")] = writer._add_object(root)
        writer.root_object[NameObject("/MarkInfo")] = marked
    return writer.root_object["/StructTreeRoot"]


def leaves(tree):
    """Yield (number, what it leads to) of a tree of numbers."""
    for branch in tree.get("/Kids", ()):
        yield from leaves(branch.get_object())
    numbers = tree.get("/Nums", [])
    yield from zip(numbers[::2], numbers[1::2], strict=True)


def simplify(root):
    """Take the tags that say nothing out of the tree: what they hold goes to the tag above them.

    Nearly all tags of Chromium are such, one for each run of letters. A run is known by its number
    on its page, and the tree of parents leads from the number to the tag; it follows.
    """
    heirs, waiting = {}, listed(root.raw_get("/K"))
    while waiting:
        place = waiting.pop()
        tag = place.get_object()
        if "/S" not in tag:  # a link's own object
            continue
        tag.pop("/ID", None)  # with which a cell names its heads: their scope says the same
        for about in listed(tag.get("/A")):
            about.get_object().pop("/Headers", None)
        held = list(kept(place, heirs))
        pages = [raw(tag, "/Pg"), *(page for page, _ in held)]
        own = next(filter(None, pages), None)
        tag[NameObject("/K")] = ArrayObject(
            kid if page in (None, own) else run(page, kid) for page, kid in held)
        if own is not None:
            tag[NameObject("/Pg")] = own
        waiting += [kid for page, kid in held if page is None]
    follow(root["/ParentTree"].get_object(), heirs)


def kept(place, heirs, above=None):
    """Yield what a tag holds: (page, number) of a run, (None, place) of a tag that says something.

    Where a tag says nothing, `heirs` learns who takes over.
    """
    tag = place.get_object()
    for kid in listed(raw(tag, "/K")):
        if isinstance(kid, int):
            yield raw(tag, "/Pg"), kid
        elif says_nothing(kid.get_object()):
            heirs[kid.idnum] = above or place
            yield from kept(kid, heirs, above or place)
            kid.get_object().clear()  # so that nothing leads to it, nor from it
        else:
            if "/P" in kid.get_object():
                kid.get_object()[NameObject("/P")] = above or place
            yield None, kid


def says_nothing(tag):
    """Return whether a tag has neither a meaning nor anything else that readers are told."""
    return tag.get("/S") == MUTE and tag.keys() <= {"/Type", "/S", "/P", "/K", "/Pg"}


def run(page, number):
    """Return a run of letters on another page than the tag's others."""
    return DictionaryObject({NameObject("/Type"): NameObject("/MCR"), NameObject("/Pg"): page,
                             NameObject("/MCID"): number})


def follow(tree, heirs):
    """Lead the tree of parents to those who took over."""
    for branch in tree.get("/Kids", ()):
        follow(branch.get_object(), heirs)
    numbers = tree.get("/Nums", ArrayObject())
    for at, one in enumerate(numbers):
        found = one.get_object()
        if isinstance(found, list):
            found[:] = [heir(kid, heirs) for kid in found]
        elif at % 2:
            numbers[at] = heir(one, heirs)


def heir(place, heirs):
    """Return who took over for a tag, or the tag."""
    return heirs.get(getattr(place, "idnum", None), place)


def listed(kids):
    """Return as a list what may be one thing, several, or nothing."""
    found = kids.get_object() if kids is not None else []
    return list(found) if isinstance(found, list) else [kids]


def raw(tag, name):
    """Return an entry as it is written, mostly a reference, or None."""
    return tag.raw_get(name) if name in tag else None
