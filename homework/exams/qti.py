"""Write items as a QTI 2.1 package: a zip with a manifest, a test and a file for each item.

Learning platforms import it; it holds the choices and the numbers. Formulas stay TeX in \\( \\),
which these platforms typeset.
"""

import io
import xml.etree.ElementTree as ET
import zipfile

from homework.exams.words import paragraphs

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PLACES = {QTI: f"{QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
          CP: f"{CP} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"}


def element(parent, name, text=None, **attributes):
    """Add an element to another one; return it."""
    made = ET.SubElement(parent, name, attributes)
    made.text = text
    return made


def root(name, space, **attributes):
    """Return the root of a document, with its name space and the place of its schema."""
    return ET.Element(name, {"xmlns": space, "xmlns:xsi": XSI,
                             "xsi:schemaLocation": PLACES[space], **attributes})


def document(tree):
    """Return the bytes of a document."""
    return ET.tostring(tree, encoding="utf-8", xml_declaration=True)


def html_into(parent, text):
    """Put paragraphs of HTML into an element."""
    parent.extend(ET.fromstring(f"<div>{text}</div>"))


def item_file(item, identifier):
    """Return the document of an item."""
    tree = root("assessmentItem", QTI, identifier=identifier, title=item.name, adaptive="false",
                timeDependent="false")
    kind = "identifier" if item.options else "float"
    declared = element(tree, "responseDeclaration", identifier="RESPONSE", cardinality="single",
                       baseType=kind)
    right = f"option{item.key}" if item.options else repr(item.number)
    element(element(declared, "correctResponse"), "value", right)
    score = element(tree, "outcomeDeclaration", identifier="SCORE", cardinality="single",
                    baseType="float")
    element(element(score, "defaultValue"), "value", "0")
    body = element(tree, "itemBody")
    html_into(body, paragraphs(item.stem))
    if item.listing:
        element(body, "pre", item.listing)
    (choices if item.options else blank)(body, item)
    if item.options:
        element(tree, "responseProcessing", template=MATCH)
    else:
        judge_number(tree, item.within)
    return document(tree)


def choices(body, item):
    """Add the options of an item."""
    asked = element(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true",
                    maxChoices="1")
    for at, option in enumerate(item.options):
        html_into(element(asked, "simpleChoice", identifier=f"option{at}"),
                  paragraphs(option.text))


def blank(body, item):
    """Add a field for a number."""
    line = element(body, "p", "Your number: ")
    element(line, "textEntryInteraction", responseIdentifier="RESPONSE",
            expectedLength="15").tail = f" {item.unit}" if item.unit else None


def judge_number(tree, within):
    """Add the rule that gives a point to a number near enough."""
    condition = element(element(element(tree, "responseProcessing"), "responseCondition"),
                        "responseIf")
    mode = {"toleranceMode": "absolute", "tolerance": f"{within!r} {within!r}"} if within else {
        "toleranceMode": "exact"}
    equal = element(condition, "equal", **mode)
    element(equal, "variable", identifier="RESPONSE")
    element(equal, "correct", identifier="RESPONSE")
    value = element(condition, "setOutcomeValue", identifier="SCORE")
    element(value, "baseValue", "1", baseType="float")


def test_file(title, names):
    """Return the document of the test, which lists the items in order."""
    tree = root("assessmentTest", QTI, identifier="test", title=title)
    part = element(tree, "testPart", identifier="part", navigationMode="nonlinear",
                   submissionMode="simultaneous")
    section = element(part, "assessmentSection", identifier="section", title=title, visible="true")
    for name in names:
        element(section, "assessmentItemRef", identifier=name, href=f"{name}.xml")
    return document(tree)


def manifest(names):
    """Return the document that lists the files of the package."""
    tree = root("manifest", CP, identifier="package")
    about = element(tree, "metadata")
    element(about, "schema", "QTIv2.1 Package")
    element(about, "schemaversion", "1.0.0")
    element(tree, "organizations")
    resources = element(tree, "resources")
    test = element(resources, "resource", identifier="the-test", type="imsqti_test_xmlv2p1",
                   href="test.xml")
    element(test, "file", href="test.xml")
    for name in names:
        element(test, "dependency", identifierref=f"of-{name}")
    for name in names:
        one = element(resources, "resource", identifier=f"of-{name}", type="imsqti_item_xmlv2p1",
                      href=f"{name}.xml")
        element(one, "file", href=f"{name}.xml")
    return document(tree)


def package(items, title):
    """Return the bytes of a zip that learning platforms import; the same for the same items."""
    names = [f"item-{item.place or number:02}-{item.name.replace(' ', '-')}"
             for number, item in enumerate(items, 1)]
    files = {"imsmanifest.xml": manifest(names), "test.xml": test_file(title, names)}
    for name, item in zip(names, items, strict=True):
        files[f"{name}.xml"] = item_file(item, name)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data,
                            zipfile.ZIP_DEFLATED)
    return held.getvalue()
