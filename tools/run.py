"""The course's commands: book, pdf, offline, site, test, check, latest, lab, slides, bench, links,
clean.

    python tools/run.py book     build the site and serve it on localhost
    python tools/run.py pdf      print the whole book, or pdf qr: one chapter (make book first)
    python tools/run.py offline  pack the site, to be read without a server (make book first)
    python tools/run.py site     book, pdf and offline: what goes to a server
    python tools/run.py test     run every check
    python tools/run.py check softmax   all that judges one chapter
    python tools/run.py latest   unit tests and chapters with the newest releases
    python tools/run.py lab softmax     open your own copy of a chapter in JupyterLab
    python tools/run.py slides softmax  make slides of a chapter (make book first)
    python tools/run.py bench    time the routines of lib against LAPACK and peers
    python tools/run.py links    ask every address that the book names
    python tools/run.py clean    remove what was built, never your work
    python tools/run.py install  make the environment and nothing else

The Makefile calls these, and on Windows they are called directly. Each makes the environment
first where it has to; this file needs nothing but Python.
"""

import argparse
import os
import shutil
import subprocess
import sys

import environment
from environment import ROOT, say

BUILT = ("_build", ".pytest_cache", ".ruff_cache")


def port(text):
    """Return the number of a port on which a program may listen."""
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose one from 1024 to 65535")
    return int(text)


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    book = commands.add_parser("book", help="build the site and serve it on localhost")
    book.add_argument("--build-only", action="store_true", help="do not serve it")
    book.add_argument("--port", type=port, default=8000, help="first port to try (8000)")
    book.add_argument("--only", metavar="CHAPTER", help="only this page, into _build/check")
    book.add_argument("--pyodide", metavar="DIR", default=os.environ.get("PYODIDE"),
                      help="a full release of Pyodide: the site then needs nothing else")
    book.add_argument("--term", metavar="2027a", help="keep it as the edition of a term too")
    book.add_argument("--solutions", default="hidden", metavar="WHEN",
                      help="of a term: hidden, shown or after:2027-03-01")
    printed = commands.add_parser("pdf", help="print the whole book, or some of its pages")
    printed.add_argument("pages", nargs="*", help="only these, such as qr, into _build/pdf")
    commands.add_parser("offline", help="pack the site, to be read without a server")
    commands.add_parser("site", help="book, pdf and offline: what goes to a server")
    test = commands.add_parser("test", help="run every check")
    test.add_argument("stages", nargs="*", help="only these stages")
    check = commands.add_parser("check", help="all that judges one chapter")
    check.add_argument("chapter", nargs="?", default="", help="its topic, such as softmax")
    commands.add_parser("latest", help="unit tests and chapters with the newest releases")
    lab = commands.add_parser("lab", help="open your own copy of a chapter in JupyterLab")
    lab.add_argument("chapter", nargs="?", help="its topic, such as softmax")
    lab.add_argument("--copy-only", action="store_true", help="make the copy, open nothing")
    slides = commands.add_parser("slides", help="make slides of a chapter")
    slides.add_argument("chapter", help="its topic, such as softmax; or all")
    slides.add_argument("--core", action="store_true", help="the core path alone")
    commands.add_parser("bench", help="time lib against LAPACK and peers")
    commands.add_parser("links", help="ask every address that the book names")
    commands.add_parser("clean", help="remove what was built, never your work")
    commands.add_parser("install", help="make the environment and nothing else")
    return top


def clean(root=ROOT):
    """Remove what book and tests left; work/ and .venv stay; return the exit status."""
    found = [root / name for name in BUILT] + sorted(root.glob("*.egg-info"))
    for folder in ("lib", "tests", "tools", "web", "chapters", "benchmarks", "homework"):
        found += sorted((root / folder).rglob("__pycache__"))
        found += sorted((root / folder).rglob(".ipynb_checkpoints"))
    left = []
    for path in found:
        if path.is_symlink():  # What it leads to is not ours.
            path.unlink()
        else:
            shutil.rmtree(path, onerror=lambda _, place, info: left.append((place, info[1])))
    left = [(place, error) for place, error in left if not isinstance(error, FileNotFoundError)]
    if left:
        place, error = left[0]
        say(f"{len(left)} files and folders could not be removed, such as {place}: "
            f"{error.strerror}. Are they another user's (root's, after sudo)?")
        return 1
    say("Removed what was built. Kept: work/ (yours) and .venv (remove it by hand to start anew).")
    return 0


def carry_out(options):
    """Carry out a command inside the environment; return the exit status."""
    if options.command == "book":
        import book
        book.take_pyodide(options.pyodide)
        if options.term:
            import term
            book.build_site()
            return term.release(options.term, options.solutions)
        return book.main(options.port, options.build_only, options.only)
    if options.command in ("pdf", "offline", "site"):
        return for_readers(options)
    if options.command == "test":
        import stages
        return stages.main(options.stages)
    if options.command == "check":
        import stages
        return stages.check(options.chapter)
    if options.command == "lab":
        import lab
        return lab.main(options.chapter, options.copy_only)
    if options.command == "slides":
        more = ["--core"] * options.core
        return subprocess.call([sys.executable, "-m", "homework", "slides", options.chapter, *more])
    if options.command == "links":
        import links
        return links.main()
    import bench
    return bench.main()


def for_readers(options):
    """Make what readers take along, or all that goes to a server; return the exit status."""
    import offline
    import pdf
    if options.command == "pdf":
        return pdf.main(options.pages)
    if options.command == "offline":
        return offline.main()
    import book
    book.take_pyodide(os.environ.get("PYODIDE"))
    book.build_site()
    return pdf.main() or offline.main()


def in_the_newest(arguments):
    """Run unit tests and chapters in an environment made by this Python; return the status."""
    environment.enter_python(__file__, arguments)
    import latest
    return latest.main()


def main(arguments):
    """Prepare the environment and carry out one command in it; return the exit status."""
    options = parser().parse_args(arguments)
    if options.command == "clean":
        return clean()
    os.chdir(ROOT)
    if options.command == "latest":
        return in_the_newest(arguments)
    environment.enter(__file__, arguments)
    return 0 if options.command == "install" else carry_out(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
