"""Write the skeleton of a new chapter: it keeps the contract and says, cell by cell, what to write.

    python tools/author/new_chapter.py "Conditioning"

The parts of the text stand in tools/author/new_chapter.txt.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import argparse
import json
import re
import sys
from pathlib import Path
from string import Template

import environment
import notebooks
from environment import ROOT, Trouble, say

TEXT = Path(__file__).with_suffix(".txt")
EXERCISES = ROOT / "lib" / "grade" / "exercises"
# The size of the example of each round, and the gap between float32 numbers there.
ROUNDS = (("small", "1e6", 6, "0.0625"), ("cause", "1e7", 7, "1"), ("bound", "1e8", 8, "8"),
          ("cure", "1e9", 9, "64"), ("limits", "1e10", 10, "1024"))
# What a chapter has once stands in these rounds, figures that move at the end of two of them.
PIECES = {"cause": "drawing", "bound": "pencil", "cure": "loop"}
BELIEFS = {1: "the gap is the same everywhere", 2: "float32 counts in whole numbers from there",
           3: "large numbers have large gaps, whatever the format"}
CONTEXT = "Say here what a sheet of paper does not show: the data, the function, the format."


def topic_of(title):
    """Return the name of a chapter's file."""
    topic = re.sub(r"\W+", "_", title.strip().lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", topic) or set("/\\") & set(title):
        raise Trouble(f"{title!r} gives no name for a file: use letters a to z, as in 'Softmax'")
    return topic


def parts(text=None):
    """Return the template's parts by their names, each a Template."""
    text = text or TEXT.read_text(encoding="utf-8")
    pieces = re.split(r"^==== (\S+)\n", text, flags=re.MULTILINE)[1:]
    return {name: Template(part) for name, part in zip(pieces[::2], pieces[1::2], strict=True)}


def skeleton(title, module="example"):
    """Return the text form of a new chapter, whose exercises a module of lib judges."""
    part, label = parts(), topic_of(title).replace("_", "-")
    text = [part["opening"].substitute(title=title, module=module)]
    for word, size, power, gap in ROUNDS:
        answer = 1 if float(gap) < 1 else 2 if float(gap) == 1 else 3
        reasons = {str(option): text for option, text in BELIEFS.items() if option != answer}
        values = {"word": word, "size": size, "power": power, "gap": gap, "label": label,
                  "answer": answer, "misconceptions": json.dumps(reasons),
                  "context": json.dumps(CONTEXT)}
        text.append(part["round"].substitute(values, advice=part[word].template.strip()))
        if word in PIECES:
            text.append(part[PIECES[word]].substitute(values))
        if word in ("bound", "limits"):
            text.append(part["explore"].substitute(values))
        text.append(part["law"].substitute(values))
    for number, (word, size, _, _) in enumerate(ROUNDS[:3], 1):
        text.append(part["exercise"].substitute(
            word=word, size=size, heading="## Exercises\n\n" if number == 1 else "",
            outcome=number, core=" · core" if number < 3 else ""))
    law = "At twice the number the gap between neighbours has doubled."
    return "".join([*text, part["reading"].template, part["closing"].substitute(said=law)])


def write(title, folder=ROOT / "chapters", module="example"):
    """Write, run and store the skeleton; return its path."""
    path = folder / f"{topic_of(title)}.ipynb"
    if path.exists() or path.with_suffix(".md").exists():
        raise Trouble(f"The page {path.stem} exists already; choose another title, or work on "
                      "that one")
    environment.write(path, json.dumps(notebooks.from_text(skeleton(title, module))))
    notebooks.run(path)
    return path


def main(arguments):
    """Write the chapter that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("title", help='the chapter\'s title, such as "Conditioning"')
    options = parser.parse_args(arguments)
    topic = topic_of(options.title)
    checks = EXERCISES / f"{topic}.py"
    if checks.exists():
        raise Trouble(f"{checks.relative_to(ROOT)} exists already; choose another title")
    environment.write(checks, (EXERCISES / "example.py").read_text(encoding="utf-8"))
    path = write(options.title, module=topic)
    say(f"Wrote chapters/{path.name} and lib/grade/exercises/{topic}.py, whose wrong answers go to "
        f"tests/grade/answers/{topic}.py. Give the chapter its place in _toc.yml:\n"
        f"      - file: chapters/{path.stem}\n"
        f"a card in index.md, with the cell of a moving figure for its picture:\n"
        f"{path.stem}: what fails, in a few words | explore-play\n"
        f"and see what is left to do: python tools/author/contract.py chapters/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
