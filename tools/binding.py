"""Bind the printed pages into one file, with all that a reader of a PDF finds by.

Chromium prints pages, links within a page and tags. Here come links between pages, numbers of
sheets, the outline by parts, chapters and sections, title, authors and language. The front matter
has Roman numbers, so that the table of contents does not move what it names.
"""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    TextStringObject,
)

import tags

HOST = "book.invalid"  # of no machine; under /book of it lie the places of the bound book
BOOK = f"http://{HOST}/book#"
FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica",
        "/Encoding": "/WinAnsiEncoding"}
FOOT, SIZE, DIGIT = 30, 9, 5.004  # points: height of the numbers, their size, a digit's width


def named(reader):
    """Return where the ids of a printed page stand: {id: (number of the sheet, left, top)}."""
    sheets = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    found = reader.named_destinations.items()
    return {name.removeprefix("/"): (sheets[one.page.idnum], one.left, one.top)
            for name, one in found}


def numbered(made):
    """Return the headings of printed pages, [(headings, PDF)], with the numbers of their sheets."""
    found, before = [], 1
    for headings, data in made:
        reader = PdfReader(io.BytesIO(data))
        places = named(reader)
        found += [{**one, "number": before + places[one["id"]][0]} for one in headings]
        before += len(reader.pages)
    return found


def bind(made, about, target):
    """Write printed pages, [(headings, PDF)], into one file; return how many sheets it has."""
    writer, places, front = PdfWriter(), {}, 0
    for headings, data in made:
        reader, first = PdfReader(io.BytesIO(data)), len(writer.pages)
        front = front if headings else len(reader.pages)
        places |= {name: (first + sheet, *point) for name, (sheet, *point) in named(reader).items()}
        for page in reader.pages:
            writer.add_page(page)
        tags.join(writer, reader, first)
    lead(writer, places)
    number(writer, front)
    add_outline(writer, [one for headings, _ in made for one in headings], places)
    tell(writer, about)
    beside = target.with_suffix(".part")
    writer.write(beside)
    beside.replace(target)
    return len(writer.pages)


def lead(writer, places):
    """Let each link to a place of the book lead there; one to none is a ValueError."""
    pages = list(writer.pages)
    lost = []
    for page in pages:
        for note in page.get("/Annots", ()):
            link = note.get_object()
            address = link["/A"].get("/URI", "") if "/A" in link else ""
            inside = address.startswith(BOOK) or isinstance(link.get("/Dest"), NameObject)
            if not inside:
                continue
            name = str(link.get("/Dest") or address.removeprefix(BOOK)).removeprefix("/")
            if name not in places:
                lost.append(name)
                continue
            sheet, left, top = places[name]
            link.pop("/A", None)
            link[NameObject("/Dest")] = ArrayObject([
                pages[sheet].indirect_reference, NameObject("/XYZ"), FloatObject(left or 0),
                FloatObject(top or 0), NullObject()])
    if lost:
        raise ValueError(f"{len(lost)} links of the book lead nowhere, such as {sorted(lost)[:5]}")


def number(writer, front):
    """Write on each sheet its number, and let viewers count in the same way."""
    font = writer._add_object(DictionaryObject(
        {NameObject(key): NameObject(value) for key, value in FONT.items()}))
    before = stream(writer, "q")  # around what Chromium draws in a frame of its own
    for at, page in enumerate(list(writer.pages)[front:], 1):
        left = (float(page.mediabox.width) - len(str(at)) * DIGIT) / 2
        after = stream(writer, f"Q /Artifact BMC q 0.27 g BT /Folio {SIZE} Tf {left:.2f} {FOOT} Td "
                               f"({at}) Tj ET Q EMC")
        fonts = page["/Resources"].setdefault(NameObject("/Font"), DictionaryObject()).get_object()
        fonts[NameObject("/Folio")] = font
        parts = page["/Contents"]
        parts = parts if isinstance(parts, ArrayObject) else [page.raw_get("/Contents")]
        page[NameObject("/Contents")] = ArrayObject([before, *parts, after])
    if front:
        writer.set_page_label(0, front - 1, style="/r")
    writer.set_page_label(front, len(writer.pages) - 1, style="/D", start=1)


def stream(writer, text):
    """Return the place of some drawing."""
    made = DecodedStreamObject()
    made.set_data(f"\n{text}\n".encode())
    return writer._add_object(made)


def add_outline(writer, headings, places):
    """Add the outline: parts, in them chapters, in them sections."""
    part = chapter = None
    opened = ""
    for one in headings:
        sheet = places[one["id"]][0]
        if one["level"] > 1:
            writer.add_outline_item(one["text"], sheet, parent=chapter, is_open=False)
            continue
        if one["part"] != opened:
            opened = one["part"]
            part = writer.add_outline_item(opened, sheet, bold=True) if opened else None
        chapter = writer.add_outline_item(one["text"], sheet, parent=part, is_open=False)


def tell(writer, about):
    """Say what the file is, in which language, and how to open it."""
    writer.metadata = {"/Title": about["title"], "/Author": about["author"],
                       "/Subject": about["subtitle"], "/Creator": "Chromium",
                       "/Producer": "Skia, pypdf"}
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")
    writer.create_viewer_preferences().display_doctitle = True
    writer.page_mode = "/UseOutlines"
