"""Tags of a PDF: what says nothing goes, its runs of letters stay known, and trees are joined."""

import io

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

import tags


def tag(writer, kind, *kids, **more):
    """Return the place of a new tag, which holds tags, and runs given by their numbers."""
    made = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}"), NameObject("/K"):
                             ArrayObject(NumberObject(kid) if isinstance(kid, int) else kid
                                         for kid in kids)})
    for name, value in more.items():
        made[NameObject(f"/{name}")] = value
    place = writer._add_object(made)
    for kid in kids:
        if not isinstance(kid, int):
            kid.get_object()[NameObject("/P")] = place
    return place


@pytest.fixture
def printed():
    """Return a file of two pages: a heading of two runs, a paragraph with a formula on both."""
    writer = pypdf.PdfWriter()
    one, two = (writer.add_blank_page(100, 100).indirect_reference for _ in range(2))
    runs = [tag(writer, "NonStruct", number, Pg=page)
            for page, number in ((one, 0), (one, 1), (one, 2), (two, 0))]
    formula = tag(writer, "Figure", runs[3], Alt=TextStringObject("x^2"))
    heading = tag(writer, "H1", runs[0], tag(writer, "NonStruct", runs[1]))
    document = tag(writer, "Document", heading, tag(writer, "P", runs[2], formula))
    pages = [ArrayObject([runs[0], runs[1], runs[2]]), ArrayObject([runs[3]])]
    numbers = ArrayObject([NumberObject(0), writer._add_object(pages[0]),
                           NumberObject(1), writer._add_object(pages[1])])
    root = DictionaryObject({
        NameObject("/Type"): NameObject("/StructTreeRoot"), NameObject("/K"): document,
        NameObject("/ParentTree"): DictionaryObject({NameObject("/Nums"): numbers}),
        NameObject("/ParentTreeNextKey"): NumberObject(2)})
    writer.root_object[NameObject("/StructTreeRoot")] = writer._add_object(root)
    for number, page in enumerate(writer.pages):
        page[NameObject("/StructParents")] = NumberObject(number)
    writer.write(data := io.BytesIO())
    return data.getvalue()


def root_of(reader):
    """Return the root of the tags of a file."""
    return reader.trailer["/Root"]["/StructTreeRoot"]


def told(place):
    """Return a tag as (kind, [what it holds]): a run is (number of its page's object, number)."""
    one = place.get_object()
    found = []
    for kid in tags.listed(tags.raw(one, "/K")):
        if isinstance(kid, int):
            found.append((one.raw_get("/Pg").idnum, int(kid)))
        elif kid.get_object().get("/Type") == "/MCR":
            found.append((kid.raw_get("/Pg").idnum, int(kid["/MCID"])))
        else:
            found.append(told(kid))
    return one["/S"], found


def test_mute_tags_go_and_their_runs_stay_on_their_pages(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed))
    one, two = (page.indirect_reference.idnum for page in reader.pages)
    tags.simplify(root_of(reader))
    assert told(root_of(reader).raw_get("/K")) == ("/Document", [
        ("/H1", [(one, 0), (one, 1)]), ("/P", [(one, 2), ("/Figure", [(two, 0)])])])


def test_the_tree_of_parents_leads_to_who_took_over(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed))
    tags.simplify(root_of(reader))
    leaves = dict(tags.leaves(root_of(reader)["/ParentTree"]))
    kinds = {number: [place.get_object()["/S"] for place in found.get_object()]
             for number, found in leaves.items()}
    assert kinds == {0: ["/H1", "/H1", "/P"], 1: ["/Figure"]}


def test_a_run_on_another_page_than_its_tag_keeps_its_page(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed))
    two = reader.pages[1].indirect_reference
    paragraph = root_of(reader)["/K"]["/K"][1].get_object()
    formula = paragraph["/K"][1].get_object()
    del formula["/Alt"]
    formula[NameObject("/S")] = NameObject("/NonStruct")
    tags.simplify(root_of(reader))
    assert told(root_of(reader)["/K"].raw_get("/K")[1])[1][1] == (two.idnum, 0)


def test_what_has_words_of_its_own_is_not_mute(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed))
    heading = root_of(reader)["/K"]["/K"][0].get_object()
    heading["/K"][1].get_object()[NameObject("/ActualText")] = TextStringObject("said")
    tags.simplify(root_of(reader))
    assert [kind for kind, _ in told(root_of(reader).raw_get("/K"))[1][0][1][1:]] == ["/NonStruct"]


def test_trees_of_several_files_are_joined(printed):
    writer = pypdf.PdfWriter()
    for _ in range(2):
        reader, first = pypdf.PdfReader(io.BytesIO(printed)), len(writer.pages)
        for page in reader.pages:
            writer.add_page(page)
        tags.join(writer, reader, first)
    writer.write(data := io.BytesIO())
    reader = pypdf.PdfReader(data)
    root = root_of(reader)
    assert len(root["/K"]) == 2 and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    numbers = dict(tags.leaves(root["/ParentTree"]))
    assert sorted(numbers) == [page["/StructParents"] for page in reader.pages] == [0, 1, 2, 3]
    for page in reader.pages:  # each run leads to a tag that holds it, on this page
        held = numbers[page["/StructParents"]].get_object()
        for number, place in enumerate(held):
            assert (page.indirect_reference.idnum, number) in told(place)[1]
    assert all(top.get_object().raw_get("/P") == root.indirect_reference for top in root["/K"])
