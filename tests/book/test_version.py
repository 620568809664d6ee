"""The files that name the version agree, and a tag becomes a release only when all is said."""

import json
import re

import pytest
import yaml

import version
from environment import ROOT

FILES = ("pyproject.toml", "CITATION.cff", ".zenodo.json", "CHANGELOG.md")


@pytest.fixture
def files(tmp_path):
    """Return a folder with the real files, made ready for the release of 0.1.0."""
    for name in FILES:
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), encoding="utf-8")
    change(tmp_path, "pyproject.toml", r'^version = ".*"', 'version = "0.1.0"')
    change(tmp_path, ".zenodo.json", r'"version": ".*"', '"version": "0.1.0"')
    change(tmp_path, "CITATION.cff", r"^date-released: .*\n", "")
    change(tmp_path, "CITATION.cff", r"^version: .*", "version: 0.1.0\ndate-released: 2027-01-02")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changes\n\n## [Unreleased]\n\n## [0.1.0] - 2027-01-02\n\n### Added\n\n- All of it.\n\n"
        "## [0.0.9] - 2026-12-01\n\nLess.\n", encoding="utf-8")
    return tmp_path


def change(folder, name, pattern, text):
    """Replace what matches in a file."""
    path = folder / name
    path.write_text(re.sub(pattern, text, path.read_text("utf-8"), flags=re.M), encoding="utf-8")


def test_the_files_of_this_project_agree():
    assert version.faults() == []
    assert next(iter(version.sections())) == "Unreleased"


def test_a_release_that_is_ready_has_its_notes(files, monkeypatch, capsys):
    assert version.unready("v0.1.0", files) == []
    assert version.sections(files)["0.1.0"] == ("2027-01-02", "### Added\n\n- All of it.")


@pytest.mark.parametrize("name, pattern, text, said", [
    ("pyproject.toml", "0.1.0", "0.2.0", "CITATION.cff names 0.1.0, pyproject.toml 0.2.0"),
    ("CITATION.cff", "^version: .*", "version: 1", "CITATION.cff names 1, pyproject.toml 0.1.0"),
    (".zenodo.json", '"version".*', '"x": 1,', ".zenodo.json names None"),
    ("CITATION.cff", "2027-01-02", "2027-01-03", "released 2027-01-03, CHANGELOG.md 2027-01-02"),
    ("CITATION.cff", "date-.*", "", "released never, CHANGELOG.md 2027-01-02"),
    ("CHANGELOG.md", "2027-01-02", "soon", "no section ## [0.1.0] - YYYY-MM-DD"),
    ("CHANGELOG.md", " - 2026-12-01", "", "CHANGELOG.md gives 0.0.9 no day"),
    ("CHANGELOG.md", "### Added\n\n- All of it.", "", "the section on 0.1.0"),
])
def test_files_that_disagree_are_named(name, pattern, text, said, files):
    change(files, name, pattern, text)
    assert said in "\n".join(version.unready("v0.1.0", files))


@pytest.mark.parametrize("tag", ["0.1.0", "v0.1", "v0.1.0rc1"])
def test_a_tag_that_is_not_the_version_is_told(tag, files):
    assert f"the tag {tag} is not v0.1.0" in "\n".join(version.unready(tag, files))


def test_what_is_not_released_has_no_notes(capsys):
    assert version.main(["v9.9.9"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and "v9.9.9 is not v" in shown.err and "Mend these files" in shown.err


def test_the_two_records_of_metadata_say_the_same():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    zenodo = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    assert zenodo["title"] == cff["title"] and zenodo["keywords"] == cff["keywords"]
    assert cff["abstract"].strip() in zenodo["description"]
    assert [one["name"] for one in zenodo["creators"]] == [one["name"] for one in cff["authors"]]
    assert zenodo["license"] in cff["license"]
    assert all(one in zenodo["notes"].replace(" ", "-") for one in cff["license"])


def test_the_changelog_has_the_form_that_it_names():
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    for _, text in version.sections().values():
        assert set(re.findall(r"^### (.*)", text, re.M)) <= kinds
        assert all(part.strip() for part in re.split(r"^### .*", text, flags=re.M)[1:])
