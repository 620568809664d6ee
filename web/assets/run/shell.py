"""What Python answers on a page: a module for each kind of question, JSON in and out."""

import importlib
import importlib.util
import json

import scalars

# A module of this folder for each, whose `answer` takes what the page sends.
KINDS = {"trace": "tracing", "cell": "running", "frame": "moving"}
tell = None  # what sends a part of an answer before its end, if the page listens


def answer(kind, data, send=None):
    """Return the answer to a question of a kind, both as JSON; `send` takes parts of it.

    Examples
    --------
    >>> answer("song", "{}")
    Traceback (most recent call last):
    ValueError: there is no question of the kind 'song': trace, cell, frame
    """
    global tell
    if kind not in KINDS:
        raise ValueError(f"there is no question of the kind {kind!r}: {', '.join(KINDS)}")
    if importlib.util.find_spec("numpy") is None:
        scalars.install()
    tell = send and (lambda part: send(json.dumps(part)))
    return json.dumps(importlib.import_module(KINDS[kind]).answer(**json.loads(data)))
