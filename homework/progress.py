"""Say on one line how far a grading is, and how long the rest will take."""

import sys
import time


class Progress:
    """A line that says how many are graded and how long the rest will take."""

    def __init__(self, number, everything):
        self.number, self.done, self.began = number, 0, time.monotonic()
        print(f"{len(everything)} submissions, {len(everything) - number} graded before, "
              f"{number} to grade.", flush=True)

    def show(self, text):
        """Say what came of one more."""
        self.done += 1
        left = (time.monotonic() - self.began) / self.done * (self.number - self.done)
        head = f"[{self.done}/{self.number}, {int(left // 60)}:{int(left % 60):02d} left]"
        if sys.stdout.isatty():
            filled = 20 * self.done // self.number
            print(f"\r\033[K{head} {'█' * filled}{'·' * (20 - filled)} {text[:60]}", end="",
                  flush=True)
        else:
            print(head, text, flush=True)

    def end(self):
        """Close the line."""
        if self.done and sys.stdout.isatty():
            print()
