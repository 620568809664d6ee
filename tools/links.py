"""Ask every address that the book names whether it still answers; Sphinx's linkcheck does it.

    python tools/run.py links

No chapter runs for it. Of a DOI it is asked whether it is registered (`web/addresses.py`): many a
publisher lets no program look at the page itself. Whoever refuses a program (401, 403 and the like)
is listed and may still serve people. What leads nowhere goes to `_build/links/failures.md`, without
the day, so that two lists can be compared.
"""

import json
import shutil

import yaml

import book
from environment import ROOT, Trouble, say, write
from web import addresses

FOLDER = book.BUILD / "links"
SETTINGS = {
    "linkcheck_ignore": [r"^(?!https?:)"],  # pages of the book: its own tests follow these
    "linkcheck_anchors": False,
    "linkcheck_timeout": 30,
    "linkcheck_retries": 3,
    "linkcheck_workers": 8,
    "linkcheck_allow_unauthorized": False,
    "linkcheck_report_timeouts_as_broken": False,
}
REFUSED = ("401", "403", "405", "406", "429", "503", "999", "unauthorized")
UNHEARD = ("NameResolutionError", "Network is unreachable", "getaddrinfo failed",
           "Failed to establish a new connection", "ProxyError")


def check(root=ROOT, folder=FOLDER, **changed):
    """Return what linkcheck says of each address: a list of dictionaries, one for each place."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"] = {"execute_notebooks": "off"}
    settings["sphinx"]["config"] |= {**SETTINGS, **changed}
    write(folder / "_config.yml", yaml.safe_dump(settings))
    _, log = book.sphinx(root, "--config", str(folder / "_config.yml"), "--path-output",
                         str(folder), "--builder", "linkcheck")
    output = next((folder / "_build").rglob("output.json"), None)
    if output is None:
        raise Trouble(book.what_failed(log, []))
    found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    return [{**one, "uri": addresses.original(one["uri"])} for one in found]


def kind(one):
    """Return what an answer means: well, moved, refused or gone; "" where nothing was asked.

    >>> kind({"status": "broken", "info": "404 Client Error: Not Found"})
    'gone'
    """
    if one["status"] in ("working", "redirected"):
        return "moved" if one.get("code") in (301, 308) else "well"
    if one["status"] in ("broken", "timeout", "rate-limited"):
        refused = one["status"] == "rate-limited" or one["info"].startswith(REFUSED)
        return "refused" if refused else "gone"
    return ""


def sort(answers):
    """Return {kind: {address: [why, pages that name it]}}, all in the order of the alphabet."""
    found = {name: {} for name in ("well", "moved", "refused", "gone")}
    for one in sorted(answers, key=lambda one: (one["uri"], one["filename"])):
        if kind(one):
            known = found[kind(one)].setdefault(one["uri"], [one["info"], []])
            known[1] += [] if one["filename"] in known[1] else [one["filename"]]
    return found


def lines(addresses_found):
    """Return a line of Markdown for each address: where it stands, and what it answers."""
    return [f"- <{address}> in {', '.join(pages)}: {' '.join(why.split())[:200]}"
            for address, (why, pages) in addresses_found.items()]


def main(root=ROOT, folder=FOLDER):
    """Check the links, tell what leads nowhere, keep it; return the exit status."""
    say("Asking every address that the book names; some minutes ...")
    found = sort(check(root, folder))
    total = sum(map(len, found.values()))
    if not total:
        raise Trouble("No address was asked: the book names none, or linkcheck did not look. "
                      f"See {folder}.")
    unheard = [why for why, _ in found["gone"].values() if any(word in why for word in UNHEARD)]
    if len(unheard) == total:
        raise Trouble("No address answered: this machine has no network, or no proxy that serves "
                      "it. Nothing is known of the links.")
    for name, what in (("moved", "for good elsewhere"), ("refused", "to be looked at by a person"),
                       ("gone", "nowhere")):
        say("\n".join([f"{len(found[name])} lead {what}", *lines(found[name])]))
    write(folder / "failures.md", "\n".join(lines(found["gone"])) + "\n")
    say(f"{total} addresses, {len(found['gone'])} lead nowhere.")
    return bool(found["gone"])
