"""Every chapter keeps the contract of CONTRIBUTING.md."""

import pytest

import chapter
import contract


@pytest.mark.parametrize("rule", contract.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", chapter.paths(), ids=lambda path: path.stem)
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
    assert not [where for where in places.values() if len(where) > 1]
