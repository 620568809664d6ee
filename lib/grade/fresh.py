"""Ask an answer in two processes, where a judge compares what it returned to two calls.

A function may keep what it was asked. Asked for the same sum in another order it could return what
it found before, and a comparison of its own calls would find no difference. A second process knows
nothing of the first.
"""


def in_two(answer):
    """Return a function of one argument that asks an answer here and afresh, in turn.

    Parameters
    ----------
    answer : callable
        Where it has a method ``afresh()``, that gives the same answer in another process, which is
        started at the first call; otherwise the answer itself is asked each time, as in a student's
        own check. A cache of the answer's own does no harm, as long as it is right.

    Returns
    -------
    callable

    Examples
    --------
    >>> ask = in_two(lambda x: x + 1)
    >>> ask(1), ask(1)
    (2, 2)
    """
    turn, asked = 0, [answer]

    def ask(argument):
        nonlocal turn
        if len(asked) == 1:
            asked.append(getattr(answer, "afresh", lambda: answer)())
        turn = 1 - turn
        return asked[1 - turn](argument)

    return ask
