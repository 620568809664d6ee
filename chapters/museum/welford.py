"""A variance whose cure needed a cure

A library had replaced mean of squares minus square of the mean by Welford's update. For data with
a large offset that was still 12 digits short: the running mean is near 10¹² and cannot take up
the small corrections. The six numbers are ours.

The first number is subtracted from all of them.
"""

REPORT, YEAR, STATE = "statrs-dev/statrs#408", 2026, "merged"
CHAPTER = "cancellation"
INPUT = ([1e12 + number / 8 for number in (0, 5, 3, 7, 1, 6)],)


def welford(values):
    mean = moment = 0.0
    for count, value in enumerate(values, 1):
        delta = value - mean
        mean = mean + delta / count
        moment = moment + delta * (value - mean)
    return moment / len(values)


def welford_fixed(values):
    mean = moment = 0.0
    for count, value in enumerate(values, 1):
        delta = value - values[0] - mean
        mean = mean + delta / count
        moment = moment + delta * (value - values[0] - mean)
    return moment / len(values)
