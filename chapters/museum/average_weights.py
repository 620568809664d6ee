"""Averaged weights that never move

A moving average of the weights takes about a thousandth of each new weight, here 1/1024. Kept in
bfloat16 or float16, nearly every one of these updates is rounded away: the average stays what it
was at the start. The weights and the 100 steps are ours.

The average is kept in float32. Of its digits the last subtraction, which is ours, takes some.
"""

from lib.numbers import BF16, FP32

REPORT, YEAR, STATE = "d8ahazard/sd_dreambooth_extension#1417", 2023, "merged"
CHAPTER, FORMAT, FIXED_FORMAT = "low_precision", BF16, FP32
CHANGED = ["average = average + (weight - average) / 1024"]
INPUT = (1.0, 2.0)


def average_weights(start, weight):
    average = start
    for _ in range(100):
        average = average + (weight - average) / 1024
    return average - start
