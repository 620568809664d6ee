"""Keep tests/ledger.csv: which cell teaches which audited claim.

A cell says what it teaches in its last line, `# ledger: S4-01-07` in code and
`<!-- ledger: S4-01-07 -->` in Markdown, several ids separated by commas.
`python tools/author/ledger.py` writes these cells into the table, so nobody edits that column by
hand; a row that no cell teaches has a reason instead: editorial | obsolete code | duplicate ID |
later STEP.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import csv
import re
import sys

from chapter import ROOT, paths, read

TABLE = ROOT / "tests" / "ledger.csv"
REASON = re.compile(r"editorial|obsolete code|duplicate (?P<twin>S\d-\d\d-\d\d)|later [2-6]")


def rows(path=TABLE):
    """Return the table's rows as dicts."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def taught(chapters):
    """Return {row id: its cells as topic#id, in order} from the markers of some chapters."""
    cells = {}
    for chapter in chapters:
        for cell in chapter.cells:
            for row in cell.ledger_ids:
                cells.setdefault(row, []).append(f"{chapter.topic}#{cell.id}")
    return cells


def fill(table, chapters):
    """Return the table with its cells as the markers say; a row that is taught needs no reason."""
    cells = taught(chapters)
    return [{**row, "cell": " ".join(cells.get(row["id"], ())),
             "reason": "" if row["id"] in cells else row["reason"]} for row in table]


def write(table, path=TABLE):
    """Write the table."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def faults(table, chapters):
    """Return what is wrong between the table and the chapters, one sentence each."""
    cells = taught(chapters)
    known = {row["id"]: row for row in table}
    topics = {chapter.topic for chapter in chapters}
    found = [f"{' '.join(cells[name])}: the ledger has no row {name}"
             for name in sorted(set(cells) - set(known))]
    for name, row in known.items():
        marked, listed = cells.get(name, []), row["cell"].split()
        if marked != listed:
            found.append(f"{name}: the table says {listed or 'no cell'}, the cells' last lines say "
                         f"{marked or 'nothing'}: run `python tools/author/ledger.py`")
        found += faults_of_reason(row, known, topics)
    return found


def faults_of_reason(row, known, topics):
    """Return what is wrong with a row's reason."""
    name, reason = row["id"], row["reason"]
    if bool(row["cell"]) == bool(reason):
        return [f"{name} ({row['chapter']}): needs either a cell that teaches it, named in the "
                "cell's last line, or a reason"]
    match = REASON.fullmatch(reason)
    if reason and not match:
        return [f"{name}: {reason!r} is none of editorial, obsolete code, duplicate ID, later STEP"]
    if reason and match["twin"] and not known.get(match["twin"], {}).get("cell"):
        return [f"{name}: its twin {match['twin']} is not taught by any cell"]
    if reason.startswith("later") and topics & set(row["chapter"].split("|")):
        return [f"{name}: its chapter {row['chapter']} exists now, so later is over"]
    return []


def main():
    """Fill the table from the markers; print what is left to do; return the exit status."""
    chapters = [read(path) for path in paths()]
    table = fill(rows(), chapters)
    write(table)
    found = faults(table, chapters)
    print("\n".join(found) or "every row is taught or has its reason")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
