"""Judge the reference solution of every problem from 200 seeds and as many variants.

    python benchmarks/homework_seeds.py [TOPIC ...]

With --wrong it judges the wrong answers of the tests instead, prints which marks each gets, and how
often, and names those that do not get one mark everywhere; --seeds says from how many. With --table
it prints the section of homework/marks.md on wrong answers.
"""

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "tools" / "author")]

from tests.grade.test_homework_sets import (  # noqa: E402
    CHECKS,
    ROWS,
    WRONG,
    check,
    given,
    right,
    table,
)

FIRST = 5001  # of the seeds


def main(arguments):
    """Do what is asked; return the exit status."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("topics", nargs="*", metavar="TOPIC")
    asked.add_argument("--wrong", action="store_true", help="the wrong answers, not the right ones")
    asked.add_argument("--seeds", type=int, metavar="N", help="how many (200, of wrong answers 60)")
    asked.add_argument("--table", action="store_true", help="what each wrong answer scores")
    options = asked.parse_args(arguments)
    if options.table:
        print(table(), end="")
        return 0
    seeds = range(FIRST, FIRST + (options.seeds or (60 if options.wrong else 200)))
    draws = [(seed, f"student-{seed}" if seed % 3 else "") for seed in seeds]
    return int(bool((wrong if options.wrong else passing)(options.topics, draws)))


def passing(topics, draws):
    """Print one line a problem: how many passed, and the milliseconds of one; return what fails."""
    short = []
    for topic, word in CHECKS:
        if topics and topic not in topics:
            continue
        before, passed = time.process_time(), 0
        for seed, variant in draws:
            passed += check(topic, word)(right(topic, word, variant), seed, variant).passed
        cost = (time.process_time() - before) / len(draws)
        print(f"{topic + ' ' + word:<36} {passed} of {len(draws)} passed, {1e3 * cost:.1f} ms each")
        short += [word] * (passed < len(draws))
    return short


def wrong(topics, draws):
    """Print the marks of each wrong answer and how often they are given; return what varies."""
    varies = []
    for topic, word, number in ROWS:
        if topics and topic not in topics:
            continue
        found = given(topic, word, number, draws)
        marks = "; ".join(f"{part:.0%} ({said}) {count} times"
                          for (said, part), count in found.most_common())
        line = f"{topic} {word}: {WRONG[topic][word][number][0]}"
        print(f"{line:<64} {marks}", flush=True)
        varies += [line] * (len(found) > 1)
    print(f"\n{len(varies)} vary from draw to draw" + f": {'; '.join(varies)}" * bool(varies))
    return varies


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
