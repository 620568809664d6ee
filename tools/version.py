"""Say what a release says of itself, and refuse one whose files do not agree.

    python tools/version.py          do the files agree?
    python tools/version.py v0.1.0   are they ready for this tag? print its notes

Four files name the version: pyproject.toml, CITATION.cff, .zenodo.json and CHANGELOG.md. Until the
changelog has a section with the version and a day, the version is not released, and no file gives
it a day. Any Python runs this: the workflow of a release needs no environment for it.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = {"pyproject.toml": r'^version = "([^"]+)"', "CITATION.cff": r"^version: (\S+)"}
DAY = re.compile(r'^date-released: "?([\d-]+)"?$', re.M)
SECTION = re.compile(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$", re.M)


def named(root=ROOT):
    """Return {file: the version that it names}; nothing where a file names none."""
    found = {}
    for file, pattern in NAMED.items():
        match = re.search(pattern, read(root, file), re.M)
        found[file] = match and match[1]
    found[".zenodo.json"] = json.loads(read(root, ".zenodo.json")).get("version")
    return found


def read(root, file):
    """Return the text of a file of the project."""
    return (root / file).read_text(encoding="utf-8")


def sections(root=ROOT):
    """Return {version, or Unreleased: (its day or None, its text)} of the changelog, newest first.

    >>> "Unreleased" in sections() or "0.1.0" in sections()
    True
    """
    text = read(root, "CHANGELOG.md")
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {head[1]: (head[2], text[head.end():end].strip())
            for head, end in zip(heads, ends, strict=True)}


def faults(root=ROOT):
    """Return, in sentences, where the files do not agree."""
    versions, told = named(root), sections(root)
    version = versions["pyproject.toml"]
    found = [f"{file} names {other}, pyproject.toml {version}"
             for file, other in versions.items() if other != version]
    undated = [name for name, (day, _) in told.items() if not day and name != "Unreleased"]
    found += [f"CHANGELOG.md gives {name} no day" for name in undated]
    day = DAY.search(read(root, "CITATION.cff"))
    released = told.get(version, (None, ""))[0]
    if (day and day[1]) != released:
        found.append(f"CITATION.cff says released {day[1] if day else 'never'}, "
                     f"CHANGELOG.md {released or 'never'}")
    return found


def unready(tag, root=ROOT):
    """Return, in sentences, why a tag may not become a release."""
    version, told = tag.removeprefix("v"), sections(root)
    found = faults(root)
    if tag == version or version != named(root)["pyproject.toml"]:
        found.append(f"the tag {tag} is not v{named(root)['pyproject.toml']}, the version of "
                     "pyproject.toml")
    if version not in told:
        found.append(f"CHANGELOG.md has no section ## [{version}] - YYYY-MM-DD")
    elif not told[version][1]:
        found.append(f"the section on {version} in CHANGELOG.md is empty")
    return found


def main(arguments):
    """Print the notes of a release, or why there cannot be one; return the exit status."""
    found = unready(arguments[0]) if arguments else faults()
    if found:
        print("\n".join(found), "\nMend these files, and move the tag to the commit that does.",
              sep="", file=sys.stderr)
    elif arguments:
        print(sections()[arguments[0].removeprefix("v")][1])
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
