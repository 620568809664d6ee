"""A clock that drifts

A simulator added its step to the time, step after step. After 250 steps of 0.04 the sum was off
by 4 × 10⁻¹⁴: enough to confuse models that have a fixed step of their own.

The time is the number of the step times the step.

The digits fall from 16 to 14, as the bar at the line shows. The tracer names an operation where
digits go at once; here each of 250 additions rounds a little, and none amplifies what the others
did.
"""

REPORT, YEAR, STATE = "CATIA-Systems/FMPy#106", 2020, "closed"
CHAPTER = "floating_point"
INPUT = (0.04, 250)


def time_steps(step, count):
    time = 0.0
    for _ in range(count):
        time = time + step
    return time


def time_steps_fixed(step, count):
    time = 0.0
    for number in range(count):
        time = (number + 1) * step
    return time
