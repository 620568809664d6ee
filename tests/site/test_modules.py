"""What the website takes from npm: pinned by digest, from no named host, installed without scripts.

The tests start npm, but ask no network.
"""

import json

import pytest

from web import modules

LOCK = json.loads((modules.HERE / "package-lock.json").read_text(encoding="utf-8"))
WANTED = json.loads((modules.HERE / "package.json").read_text(encoding="utf-8"))


def small(folder, **packages):
    """Write a package.json with its lock; return the folder."""
    folder.mkdir()
    names = {"": {"dependencies": {name: one["version"] for name, one in packages.items()}},
             **{f"node_modules/{name}": one for name, one in packages.items()}}
    (folder / "package.json").write_text(json.dumps({"name": "small", **names[""]}))
    (folder / "package-lock.json").write_text(json.dumps(
        {"name": "small", "lockfileVersion": 3, "requires": True, "packages": names}))
    (folder / ".npmrc").write_text("ignore-scripts=true\noffline=true\ncache=./cache\n")
    return folder


def test_every_package_is_pinned_by_its_digest_and_from_no_named_host():
    for name, package in LOCK["packages"].items():
        assert not name or package["integrity"].startswith("sha512-")
        assert "resolved" not in package
        assert "hasInstallScript" not in package
    assert LOCK["packages"][""]["dependencies"] == WANTED["dependencies"]


def test_every_version_is_exact():
    assert all(version.replace(".", "").isdigit() for version in WANTED["dependencies"].values())


def test_scripts_of_packages_do_not_run():
    settings = (modules.HERE / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert "ignore-scripts=true" in settings and "omit-lockfile-registry-resolved=true" in settings


def test_an_install_is_done_once_for_each_lock(tmp_path, monkeypatch):
    source, folder, seen = small(tmp_path / "source"), tmp_path / "npm", []
    install = modules.install
    monkeypatch.setattr(modules, "install", lambda where: seen.append(install(where)))
    assert modules.modules(folder, source) == folder / "node_modules"
    modules.modules(folder, source)
    assert len(seen) == 1
    (source / "package.json").write_text('{"name": "small", "description": "changed"}')
    modules.modules(folder, source)
    assert len(seen) == 2


def test_a_package_that_cannot_be_had_is_told_in_a_sentence_and_nothing_counts_as_done(tmp_path):
    source = small(tmp_path / "source", nothing={
        "version": "1.0.0", "integrity": "sha512-" + "A" * 86 + "=="})
    with pytest.raises(modules.MissingError, match="could not be installed from npm"):
        modules.modules(tmp_path / "npm", source)
    assert not (tmp_path / "npm" / "complete").exists()


@pytest.mark.parametrize("said, remedy", [
    ("npm error code ENOTFOUND", "no network. Connect"),
    ("npm error code EINTEGRITY", "Do not use it"),
    ("npm error code ENOSPC", "Make room"),
    ("npm error something else", "Remove the folder _build/npm"),
])
def test_the_reason_is_told_with_its_remedy(said, remedy):
    assert remedy in modules.reason(said)
