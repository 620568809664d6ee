"""What stands for a judge where answers run: it says that it is silent, and judges nothing."""

HUSHED = "Checks are silent where answers are graded"
SAID = (f"{HUSHED}: they judge nothing and say 'not attempted'. An input that was found by asking "
        "them is handed in as numbers.")
told = []


def hushed(name):
    """Return what stands for a check: it takes anything and returns a report without a verdict.

    The first call of a process prints why.

    Examples
    --------
    >>> report = hushed("check_norm")(lambda x: 1.0, variant="ada")
    Checks are silent where answers are graded: they judge nothing and say 'not attempted'. An \
input that was found by asking them is handed in as numbers.
    >>> report.passed, report.headline
    (False, 'norm: not attempted')
    """
    def check(*answer, **options):
        from lib.grade.report import Case, Report

        if not told:
            told.append(name)
            print(SAID)
        return Report(name.removeprefix("check_"), (Case("here", "not attempted", HUSHED),))

    check.__name__ = name
    return check


def absent(module):
    """Return what a module says of a name that it has not here, as its `__getattr__`."""
    def missing(name):
        raise AttributeError(
            f"{module} has no {name!r} where answers are graded: it holds silent checks, and the "
            "functions of a variant alone, such as own_angle(variant)")

    return missing
