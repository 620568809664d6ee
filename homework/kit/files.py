"""Where the kit puts what it makes, and how its commands tell what cannot be done."""

import argparse
from pathlib import Path

from environment import write as put
from homework import Trouble
from homework.kit import ROOT, lessons


def parser(command, about, site=False):
    """Return the parser of a command that makes something of a chapter."""
    made = argparse.ArgumentParser(prog=f"python -m homework {command}", description=about,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("topic", help="a chapter, such as softmax; or all")
    if site:
        made.add_argument("--site", metavar="FOLDER", help="the built site (_build/html)")
    made.add_argument("--out", metavar="FOLDER", default=str(ROOT / "_build" / "kit"),
                      help="where to put it (_build/kit)")
    return made


def topics(name):
    """Return the topics that a command line names: one, or all."""
    return lessons.order() if name == "all" else (lessons.lesson(name).topic,)


def write(folder, topic, name, text):
    """Put a text into FOLDER/TOPIC/NAME; return the path."""
    path = Path(folder) / topic / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            put(path, text)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}. Choose another folder: --out "
                      "FOLDER") from error
    return path

