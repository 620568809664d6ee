"""Every chapter keeps the contract of CONTRIBUTING.md."""

import re

import pytest

import chapter
import contract
import story


@pytest.mark.parametrize("path, rule", [
    pytest.param(path, rule, id=f"{path.stem}-{rule.__name__}")
    for path in chapter.paths() for rule in contract.RULES])
def test_chapter_keeps_the_contract(path, rule):
    faults = list(rule(chapter.read(path)))
    assert not faults, f"{rule.__doc__}\n  " + "\n  ".join(faults)


def test_figure_labels_differ_between_chapters():
    places = {}
    for path in chapter.paths():
        for cell in chapter.read(path).cells:
            name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
            if name:
                places.setdefault(name, []).append(f"{path.stem}#{cell.id}")
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice, "rename the label of one: a label is one place in the whole book"


def test_the_contract_names_every_step():
    text = (chapter.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = "".join(line for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([a-z]+)(?:-x)?`", table)) >= set(filter(None, story.FOLLOWS))


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_of_the_front_pages_lead_somewhere(name):
    text = (chapter.ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    tools = re.findall(r"tools/[\w/]+\.py", text)
    missing = [link for link in links + tools if not (chapter.ROOT / link).exists()]
    assert tools and not missing


def test_the_front_page_links_every_chapter_and_moves():
    text = (chapter.ROOT / "README.md").read_text(encoding="utf-8")
    order = (chapter.ROOT / "_toc.yml").read_text(encoding="utf-8")
    missing = [path.name for path in chapter.paths()
               if f"chapters/{path.stem}\n" in order and f"chapters/{path.name}" not in text]
    assert not missing, "give it a link in the table of README.md"
    assert 0 < (chapter.ROOT / "web" / "readme" / "figure.webp").stat().st_size < 500_000
