"""What Python answers on a page: a module for each kind of question, JSON in and out."""

import importlib
import importlib.util
import json

import scalars

KINDS = {"trace": "tracing"}  # a module of this folder, whose `answer` takes what the page sends


def answer(kind, data):
    """Return the answer to a question of a kind, both as JSON.

    Examples
    --------
    >>> answer("song", "{}")
    Traceback (most recent call last):
    ValueError: there is no question of the kind 'song': trace
    """
    if kind not in KINDS:
        raise ValueError(f"there is no question of the kind {kind!r}: {', '.join(KINDS)}")
    if importlib.util.find_spec("numpy") is None:
        scalars.install()
    return json.dumps(importlib.import_module(KINDS[kind]).answer(**json.loads(data)))
