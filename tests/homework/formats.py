"""Read back what the writers write: GIFT by a small reader of its own, QTI by its structure."""

import html
import io
import re
import xml.etree.ElementTree as ET
import zipfile

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
MARKS = {mark: chr(0xE000 + at) for at, mark in enumerate("~=#{}:\\n")}
ALLOWED = {  # what the schema lets stand in these elements, in this order where order counts
    "assessmentItem": ["responseDeclaration", "outcomeDeclaration", "itemBody",
                       "responseProcessing"],
    "assessmentTest": ["testPart"], "testPart": ["assessmentSection"],
    "itemBody": {"p", "pre", "choiceInteraction"}, "choiceInteraction": {"simpleChoice"},
    "assessmentSection": {"assessmentItemRef"}, "simpleChoice": {"p"},
    "p": {"code", "textEntryInteraction"}, "pre": set(), "code": set()}
NEEDED = {
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality", "baseType"},
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "simpleChoice": {"identifier"}, "textEntryInteraction": {"responseIdentifier"},
    "assessmentTest": {"identifier", "title"}, "assessmentItemRef": {"identifier", "href"},
    "testPart": {"identifier", "navigationMode", "submissionMode"},
    "assessmentSection": {"identifier", "title", "visible"}, "equal": {"toleranceMode"}}


def hidden(text):
    """Return a text whose escaped signs are letters of their own, and what turns them back."""
    text = text.replace("\\\\", "\uf000")
    for mark, letter in MARKS.items():
        text = text.replace("\\" + mark, letter)
    return text


def shown(text):
    """Return the plain words of a piece of GIFT."""
    for mark, letter in MARKS.items():
        text = text.replace(letter, "\n" if mark == "n" else mark)
    return html.unescape(re.sub(r"<[^>]+>", "", text.replace("\uf000", "\\"))).strip()


def read_gift(text):
    """Return the questions of a GIFT file as dictionaries."""
    text = "\n".join(line for line in hidden(text).split("\n")
                     if not line.startswith(("//", "$")))
    found = []
    for block in filter(str.strip, re.split(r"\n\s*\n", text)):
        name, body, inside = re.fullmatch(r"\s*::(.*?)::\[html\](.*?)\{(.*)\}\s*", block,
                                          re.DOTALL).groups()
        one = {"name": shown(name), "stem": shown(body)}
        if inside.startswith("#"):
            number, _, said = inside[1:].partition("#")
            one["number"], one["within"] = map(float, number.split(":"))
            one["said"] = shown(said)
        else:
            rows = re.findall(r"([=~])([^#=~]*)#([^=~]*)", inside)
            one["options"] = [(mark == "=", shown(option), shown(said))
                              for mark, option, said in rows]
        found.append(one)
    return found


def name_of(element):
    """Return the name of an element without its name space."""
    return element.tag.partition("}")[2]


def faults_of(tree):
    """Return what breaks the structure of a document of QTI."""
    faults = []
    for element in tree.iter():
        name, children = name_of(element), [name_of(child) for child in element]
        rule = ALLOWED.get(name)
        if isinstance(rule, set):
            faults += [f"{child} in {name}" for child in children if child not in rule]
        elif rule and [one for one in rule if one in children] != children:
            faults.append(f"{name} holds {children}")
        faults += [f"{name} without {one}" for one in NEEDED.get(name, set()) - set(element.attrib)]
    return faults


def read_qti(data):
    """Return (manifest, test, {href: item}) of a package; a fault of its structure raises."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        trees = {name: ET.fromstring(packed.read(name)) for name in packed.namelist()}
    manifest, test = trees.pop("imsmanifest.xml"), trees.pop("test.xml")
    listed = [one.get("href") for one in manifest.iter(f"{CP}file")]
    assert sorted(listed) == sorted(["test.xml", *trees])
    kinds = [one.get("type") for one in manifest.iter(f"{CP}resource")]
    assert kinds == ["imsqti_test_xmlv2p1", *["imsqti_item_xmlv2p1"] * len(trees)]
    names = [one.get("identifier") for one in manifest.iter(f"{CP}resource")]
    wanted = [one.get("identifierref") for one in manifest.iter(f"{CP}dependency")]
    assert wanted == names[1:] and len(set(names)) == len(names)
    assert [one.get("href") for one in test.iter(f"{QTI}assessmentItemRef")] == listed[1:]
    for tree in (test, *trees.values()):
        assert faults_of(tree) == []
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", tree.get("identifier"))
    return manifest, test, {href: trees[href] for href in listed[1:]}
