"""Say which cells a browser does not run as a machine does, and what its readers are told."""

import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("known.toml")


def groups():
    """Return the list known.toml: {reason: {"told": a sentence, "cells": names as topic#id}}."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def reasons():
    """Return {topic: {cell id: what a reader is told}} of the list."""
    found = {}
    for group in groups().values():
        for name in group["cells"]:
            topic, _, cell = name.partition("#")
            found.setdefault(topic, {})[cell] = group["told"]
    return found


def told(topic):
    """Return {cell id: what a reader in a browser is told} of one chapter.

    >>> list(told("softmax"))
    ['run-raise']
    """
    return reasons().get(topic, {})
