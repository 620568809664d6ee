"""Compare what a cell showed with what its notebook stores, as nbval does."""

import configparser
import json
import re

import execute
import notebooks
import once
from environment import ROOT

IGNORED = "nbval-ignore-output"


def patterns(path=ROOT / "tests" / "nbval_sanitize.cfg"):
    """Return nbval's rules for what differs from run to run: (pattern, replacement)."""
    parser = configparser.RawConfigParser()
    parser.read(path, encoding="utf-8")
    return [(parser[name]["regex"], parser[name]["replace"]) for name in parser.sections()]


PATTERNS = patterns()


def plain(outputs):
    """Return outputs in canonical form, without counts and what differs from run to run."""
    kept = [notebooks.canonical_output(once.stored(whole(output)))
            for output in notebooks.merged(outputs)]
    return [{key: sanitised(value) for key, value in output.items() if key != "execution_count"}
            for output in kept if output]


def whole(output):
    """Return an output with joined texts, as a kernel sends it."""
    data = {mime: joined(value) for mime, value in output.get("data", {}).items()}
    return {**output, "data": data} if data else output


def joined(value):
    """Return a text that may be stored as a list of lines."""
    return "".join(value) if isinstance(value, list) else value


def sanitised(value):
    """Return a value of an output with nbval's rules applied to each text in it."""
    if isinstance(value, dict):
        return {key: sanitised(part) for key, part in value.items()}
    if isinstance(value, list):
        return [sanitised(part) for part in value]
    for pattern, replacement in PATTERNS:
        value = re.sub(pattern, replacement, value)
    return value


def differ(cell, outputs):
    """Return whether a cell (a dict) of a notebook stores something else than these outputs."""
    if IGNORED in cell["metadata"].get("tags", ()):
        return False
    return plain(cell["outputs"]) != plain(outputs)


def told(cell, outputs):
    """Return the first lines of what is stored and of what was shown, where they part."""
    ours, theirs = lines(plain(cell["outputs"])), lines(plain(outputs))
    place = next((number for number, (one, other) in enumerate(zip(ours, theirs, strict=False))
                  if one != other), min(len(ours), len(theirs)))
    return (f"stored: {' | '.join(ours[place:place + 3])[:300] or 'nothing'}\n"
            f"shown:  {' | '.join(theirs[place:place + 3])[:300] or 'nothing'}")


def last_lines(error, count=8):
    """Return the end of an error's traceback, without colours."""
    text = execute.COLOURS.sub("", "\n".join(error["traceback"]))
    return "\n".join(text.rstrip().splitlines()[-count:])


def lines(outputs):
    """Return the lines of all texts in outputs, one after the other."""
    return json.dumps(outputs, ensure_ascii=False, indent=0).splitlines()
