"""A molecule that tumbles too fast

How fast a molecule tumbles is told by its relaxation rate r: the time τ that it takes is a root
of 15 ω² r τ² − 2 S ω² τ + 15 r = 0, with strength S and frequency ω. The textbook formula
subtracts two nearly equal numbers for the short time; for weak relaxation it returned few digits,
or 0, as here. The three numbers are ours.

The long time is computed first, and the short one from the product of both, which is 1/ω².
"""

import numpy as np

REPORT, YEAR, STATE = "IlyaKuprov/Spinach#399", 2026, "merged"
CHAPTER = "cancellation"
INPUT = (1e-8, 1e6, 1e-13)


def correlation_time(strength, omega, rate):
    middle = strength * omega**2
    root = np.sqrt(middle**2 - 225 * omega**2 * rate**2)
    return (middle - root) / (15 * omega**2 * rate)


def correlation_time_fixed(strength, omega, rate):
    middle = strength * omega**2
    root = np.sqrt(middle**2 - 225 * omega**2 * rate**2)
    long = (middle + root) / (15 * omega**2 * rate)
    return 1 / (omega**2 * long)
