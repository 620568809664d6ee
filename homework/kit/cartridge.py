"""Link the sections of the site into a learning platform: an IMS Common Cartridge 1.3.

    python -m homework cartridge --address https://example.org/digits/ all
    python -m homework cartridge --address https://example.org/digits/ softmax

Canvas, Moodle, Blackboard and Brightspace import the file: a module for each chapter, a link for
each of its sections. The address is that of the folder which holds the site's index.html.
"""

import io
import re
import zipfile
from xml.etree import ElementTree as etree  # noqa: N813

from homework import Trouble
from homework.kit import files, lessons, markup

NAME = "http://www.imsglobal.org/xsd/imsccv1p3/"
MANIFEST, LINK = NAME + "imscp_v1p1", NAME + "imswl_v1p3"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest"
WHEN = (1980, 1, 1, 0, 0, 0)  # the same bytes at every call


def sections(chapter):
    """Return (cell, heading) of the places of a chapter that a platform links to."""
    made = [("title", lessons.title(chapter))]
    for heading, cells, _ in lessons.sections(chapter)[1:]:
        made.append((cells[0].id, heading))
    first = lessons.exercises(chapter)[0]
    return [*((cell, markup.plain(text)) for cell, text in made), (first.id, "Exercises")]


def cartridge(topics, address):
    """Return the bytes of a cartridge with a module for each chapter."""
    manifest = etree.Element(f"{{{MANIFEST}}}manifest", identifier="where-the-digits-go")
    metadata(manifest)
    organization = etree.SubElement(sub(manifest, "organizations"), f"{{{MANIFEST}}}organization",
                                  identifier="course", structure="rooted-hierarchy")
    root = sub(organization, "item", identifier="root")
    resources = sub(manifest, "resources")
    files = {}
    for topic in topics:
        chapter = lessons.lesson(topic)
        module = sub(root, "item", identifier=f"module-{topic}")
        sub(module, "title").text = markup.plain(lessons.title(chapter))
        for cell, heading in sections(chapter):
            name = f"{topic}-{cell}"
            item = sub(module, "item", identifier=f"item-{name}", identifierref=name)
            sub(item, "title").text = heading
            resource = sub(resources, "resource", identifier=name, type="imswl_xmlv1p3")
            sub(resource, "file", href=f"links/{name}.xml")
            files[f"links/{name}.xml"] = link(heading, f"{address}chapters/{topic}.html#{cell}")
    return packed({"imsmanifest.xml": written(manifest), **files})


def sub(parent, name, **attributes):
    """Return a new child of an element of the manifest."""
    return etree.SubElement(parent, f"{{{MANIFEST}}}{name}", attributes)


def metadata(manifest):
    """Say what the manifest is."""
    about = sub(manifest, "metadata")
    sub(about, "schema").text = "IMS Common Cartridge"
    sub(about, "schemaversion").text = "1.3.0"
    title = etree.SubElement(etree.SubElement(etree.SubElement(
        about, f"{{{LOM}}}lom"), f"{{{LOM}}}general"), f"{{{LOM}}}title")
    etree.SubElement(title, f"{{{LOM}}}string", language="en").text = "Where the Digits Go"


def link(title, address):
    """Return the file of a link."""
    made = etree.Element(f"{{{LINK}}}webLink")
    etree.SubElement(made, f"{{{LINK}}}title").text = title
    etree.SubElement(made, f"{{{LINK}}}url", href=address, target="_blank")
    return written(made)


def written(element):
    """Return an element as a file of XML; the names of its own kind need no prefix."""
    etree.register_namespace("lomimscc", LOM)
    etree.register_namespace("", re.match(r"\{(.*)\}", element.tag)[1])
    return etree.tostring(element, encoding="utf-8", xml_declaration=True)


def packed(files):
    """Return a zip of files, the same bytes at every call."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), text, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def checked(address):
    """Return the address of a site, with a slash at its end; raise Trouble for another thing."""
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise Trouble(f"{address!r} is no address of a site: give the folder of its index.html, "
                      "such as https://example.org/digits/")
    return address.removesuffix("index.html").rstrip("/") + "/"


def main(arguments=None):
    """Write the cartridge; return the exit status."""
    parser = files.parser("cartridge", __doc__)
    parser.add_argument("--address", required=True, help="where the site is")
    options = parser.parse_args(arguments)
    chosen = files.topics(options.topic)
    data = cartridge(chosen, checked(options.address))
    path = files.write(options.out, options.topic, "links.imscc", data)
    print(f"{path}: {len(chosen)} modules, {len(data) // 1000 + 1} kB")
    return 0
