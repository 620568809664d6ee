"""The course's commands: book | test | lab CHAPTER | bench | clean | install.

    python tools/run.py book     build the site and serve it on localhost
    python tools/run.py test     run every check
    python tools/run.py lab softmax     open your own copy of a chapter in JupyterLab
    python tools/run.py bench    time the routines of lib against LAPACK and peers
    python tools/run.py clean    remove what was built, never your work
    python tools/run.py install  make the environment and nothing else

The Makefile calls these, and on Windows they are called directly. Each makes the environment
first where it has to; this file needs nothing but Python.
"""

import argparse
import os
import shutil
import sys

import environment
from environment import ROOT, Trouble, say

BUILT = ("_build", "build", ".pytest_cache", ".ruff_cache")


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    book = commands.add_parser("book", help="build the site and serve it on localhost")
    book.add_argument("--build-only", action="store_true", help="do not serve it")
    book.add_argument("--port", type=int, default=8000, help="first port to try (8000)")
    test = commands.add_parser("test", help="run every check")
    test.add_argument("stages", nargs="*", help="only these stages")
    lab = commands.add_parser("lab", help="open your own copy of a chapter in JupyterLab")
    lab.add_argument("chapter", nargs="?", help="its topic, such as softmax")
    lab.add_argument("--copy-only", action="store_true", help="make the copy, open nothing")
    commands.add_parser("bench", help="time lib against LAPACK and peers")
    commands.add_parser("clean", help="remove what was built, never your work")
    commands.add_parser("install", help="make the environment and nothing else")
    return top


def clean(root=ROOT):
    """Remove what book and tests left; work/ and .venv stay."""
    found = [root / name for name in BUILT] + sorted(root.glob("*.egg-info"))
    for folder in ("lib", "tests", "tools", "web", "chapters", "benchmarks", "homework"):
        found += sorted((root / folder).rglob("__pycache__"))
        found += sorted((root / folder).rglob(".ipynb_checkpoints"))
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    say("Removed what was built. Kept: work/ (yours) and .venv (remove it by hand to start anew).")
    return 0


def carry_out(options):
    """Carry out a command inside the environment; return the exit status."""
    if options.command == "book":
        import book
        return book.main(options.port, options.build_only)
    if options.command == "test":
        import stages
        return stages.main(options.stages)
    if options.command == "lab":
        import lab
        return lab.main(options.chapter, options.copy_only)
    import bench
    return bench.main()


def main(arguments):
    """Prepare the environment and carry out one command in it; return the exit status."""
    try:
        options = parser().parse_args(arguments)
        if options.command == "clean":
            return clean()
        environment.enter(__file__, arguments)
        os.chdir(ROOT)
        return 0 if options.command == "install" else carry_out(options)
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
