"""A centroid outside of its polygon

The centroid of a polygon is a quotient of two sums of products of coordinates. Far from the
origin the products are large and the sums small. This polygon is three metres wide, and its
centroid came out seven metres to the east of where it is, and 75 metres to the north; only the
east is computed here. The polygon is that of HarryStevens/geometric#55, where somebody met the
same bug eleven years later.

The coordinates are taken relative to the first point, on the fly, and the result is moved back.

The tracer blames the products and their sum, in which the digits vanish. The fix leaves both lines
alone, and gives them smaller numbers.
"""

import numpy as np

REPORT, YEAR, STATE = "boostorg/geometry#155", 2014, "merged"
CHAPTER = "cancellation"
INPUT = np.array([[491161.5531691139, 491160.31112895225,
                   491158.1264789461, 491159.36851910775],
                  [5551832.619240159, 5551829.8884276515,
                   5551830.882059781, 5551833.612872289]])


def centroid(x, y):
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    area = np.sum(cross)
    moment = np.sum((x + np.roll(x, -1)) * cross)
    return moment / (3 * area)


def centroid_fixed(x, y):
    start = x[0]
    x, y = x - x[0], y - y[0]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    area = np.sum(cross)
    moment = np.sum((x + np.roll(x, -1)) * cross)
    return start + moment / (3 * area)
