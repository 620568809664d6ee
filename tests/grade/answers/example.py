"""Answers to the exercises of a new chapter's skeleton, which is no chapter of the book."""

GAPS = {"small": 0.0625, "cause": 1.0, "bound": 8.0}

RIGHT = GAPS | {"read": (2, 3, 16, "no cure"), "judge": ("B", 0.5)}

# By what the report has to say of each, somewhere.
WRONG = {word: {"this is half the gap": gap / 2, "too large": 2 * gap, "not a number": "8",
                "too small": gap / 3} for word, gap in GAPS.items()} | {
    "read": {"exchanged the two lines": (3, 2, 16, "no cure"), "3 given, 4 wanted": (2, 3, 16),
             "8 is too small": (2, 3, 8, "no cure")},
    "judge": {"'A' is not right": ("A", 0.5), "too large": ("B", 1.0), "too small": ("B", 0.1)},
}
