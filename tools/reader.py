"""Say in plain Markdown what only the site can link: for the copy of a chapter that is one's own.

JupyterLab shows a role of the book as a dead link, and a citation as its key.
"""

import re

import chapter
from environment import ROOT

CITATION = re.compile(r"\{footcite:([pt])\}`([^`]*)`")
PAGE = re.compile(r"\{doc\}`(?:/chapters/)?(\w+)`")
BIBLIOGRAPHY = re.compile(r"```\{footbibliography\}\n```")


def names(entry):
    """Return the authors of a BibTeX entry, as in "Higham" or "Boyd and Vandenberghe"."""
    from pybtex.richtext import Text

    people = entry.persons.get("author") or entry.persons.get("editor") or []
    last = [str(Text.from_latex(" ".join(p.prelast_names + p.last_names))) for p in people]
    if len(last) > 3:
        return f"{last[0]} et al."
    return " and ".join([", ".join(last[:-1]), last[-1]] if last[1:] else last)


def reference(entry):
    """Return a line of the list of references."""
    from pybtex.richtext import Text

    fields = {key: str(Text.from_latex(text)) for key, text in entry.fields.items()
              if key not in ("doi", "url")}
    where = [fields[key] for key in ("journal", "booktitle", "publisher", "howpublished")
             if key in fields][:1]
    doi, url = entry.fields.get("doi"), entry.fields.get("url")
    link = f"https://doi.org/{doi}" if doi else url
    said = [names(entry), f"*{fields['title']}*", *where, fields.get("year", "")]
    return "- " + ", ".join(filter(None, said)) + (f", <{link}>" if link else "")


def title(topic, root):
    """Return the title of a page of the book, or its name if there is no such chapter."""
    path = root / "chapters" / f"{topic}.ipynb"
    page = path.with_suffix(".md")
    text = (chapter.read(path).cells[0].source if path.exists() else
            page.read_text(encoding="utf-8") if page.exists() else "")
    heading = re.search(r"^# (.*)", text, flags=re.MULTILINE)
    return heading[1] if heading else topic.replace("_", " ")


def plain(notebook, root=ROOT):
    """Put words for the roles in the Markdown cells of a notebook, and signs on its folds."""
    from pybtex.database import parse_file

    file = root / "chapters" / "references.bib"
    entries = parse_file(str(file), "bibtex").entries if file.exists() else {}
    cited = []

    def cite(match):
        known = [entries[key.strip()] for key in match[2].split(",") if key.strip() in entries]
        cited.extend(entry for entry in known if entry not in cited)
        form = "{} ({})" if match[1] == "t" else "{}, {}"
        said = "; ".join(form.format(names(e), e.fields.get("year", "")) for e in known)
        return said if match[1] == "t" or not known else f"({said})"

    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = CITATION.sub(cite, "".join(cell["source"]))
            text = PAGE.sub(lambda match: f"*{title(match[1], root)}*", text)
            text = re.sub(r"\{(?:doc|term|ref|numref)\}`([^`<]*?) *(?:<[^`]*>)?`", r"\1", text)
            text = BIBLIOGRAPHY.sub(lambda _: "\n".join(map(reference, cited)), text)
            cell["source"] = text.replace("<summary>", "<summary>▸ ")
    return notebook
