"""Lay the rubrics of a problem set side by side, for who reads its prose."""

from homework.course import put
from homework.notebooks import read
from homework.problems import SOLUTION, problems_of


def rubric(course, topic):
    """Write marks/TOPIC-rubric.md from the master, and return its path; None without prose."""
    path = course.master(topic)
    cells = {cell.grade_id: cell.source for cell in read(path.read_bytes())}
    parts = [f"# {topic}: what to look for"]
    for problem in problems_of(read(path.read_bytes()), path):
        if problem.by_hand:
            text = cells[problem.grade_id].partition(SOLUTION[0])[2].partition(SOLUTION[1])[0]
            parts.append(f"## {problem.title or problem.grade_id} ({problem.points:g} points, "
                         f"cell {problem.grade_id})\n\n{text.strip() or 'It has no rubric.'}")
    if len(parts) == 1:
        return None
    place = course.folder / "marks" / f"{topic}-rubric.md"
    put(place, "\n\n".join(parts) + "\n")
    return place


def shares(names, readers):
    """Return who reads whom: lists of names, as equal as can be, the same for the same names.

    Examples
    --------
    >>> shares(["ada", "ben", "eve"], 2)
    [['ada', 'eve'], ['ben']]
    """
    return [sorted(names)[k::readers] for k in range(readers)]
