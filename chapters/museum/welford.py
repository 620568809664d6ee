"""A variance whose cure needed a cure

A library had replaced mean of squares minus square of the mean by Welford's update. For data with
a large offset that was still 12 digits short: the running mean is near 10¹² and cannot take up
the small corrections. The six numbers are ours.

The first number is subtracted from all of them.

The tracer blames the lines that compute with the running mean, which is large. The fix leaves them
alone and adds one before them: with the offset gone, the mean is small.
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
        value = value - values[0]
        delta = value - mean
        mean = mean + delta / count
        moment = moment + delta * (value - mean)
    return moment / len(values)
