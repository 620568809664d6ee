"""Show how to cite the book: a sentence and a record of BibTeX, from CITATION.cff.

`{citation}` stands on one page. A version that is not released is cited with the commit that the
page was built from, so that what was read can be found again.
"""

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from web.contents import source
from web.feet import address, commit_of


def facts(folder, year):
    """Return what CITATION.cff says, as text: authors, title, version, year, whether released."""
    known = yaml.safe_load((Path(folder) / "CITATION.cff").read_text(encoding="utf-8"))
    if not isinstance(known["version"], str):
        raise ValueError(f"CITATION.cff: put the version in quotes, or YAML reads a number "
                         f"({known['version']})")
    people = [one.get("name") or f"{one['given-names']} {one['family-names']}"
              for one in known["authors"]]
    day = str(known.get("date-released") or "")
    return {"authors": " and ".join(people), "title": known["title"], "doi": known.get("doi", ""),
            "version": known["version"], "year": day[:4] or year, "released": bool(day)}


def edition(known, commit):
    """Return which edition is meant, such as version 0.1.0, before its release, commit 0123.

    >>> edition({"version": "0.2.0", "released": True}, "0123")
    'version 0.2.0'
    """
    if known["released"]:
        return f"version {known['version']}"
    found = f", commit {commit}" if commit else ""
    return f"version {known['version']}, before its release{found}"


def sentence(known, url, commit):
    """Return the citation as a sentence."""
    where = f"https://doi.org/{known['doi']}" if known["doi"] else url
    return (f"{known['authors']} ({known['year']}). {known['title']}. "
            f"{edition(known, commit).capitalize()}." + f" {where}" * bool(where))


def bibtex(known, url, commit):
    """Return the citation as a record of BibTeX; braces keep names and capitals as they are."""
    fields = {"author": f"{{{known['authors']}}}", "title": f"{{{known['title']}}}",
              "year": known["year"], "note": edition(known, commit).capitalize(),
              "doi": known["doi"], "url": url}
    key = re.sub(r"\W", "", known["title"].partition(":")[0])
    lines = [f"  {name:<7}= {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


class Citation(SphinxDirective):
    """Say how to cite the book."""

    def run(self):
        """Return the sentence and the record."""
        config, folder = self.env.config, self.env.srcdir
        self.env.note_dependency(str(Path(folder) / "CITATION.cff"))
        year = re.search(r"\d{4}", config.copyright)[0]
        known, url = facts(folder, year), config.html_baseurl or address(config)
        commit = commit_of(folder)
        record = bibtex(known, url, commit)
        return [nodes.paragraph("", sentence(known, url, commit)),
                nodes.literal_block(record, record, language="text")]


def outdated(app, env, added, changed, removed):
    """Ask for the page again at each build: the commit may be another."""
    return [name for name in env.found_docs - removed if "{citation}" in source(env, name)]


def setup(app):
    """Register the directive."""
    app.add_directive("citation", Citation)
    app.connect("env-get-outdated", outdated)
