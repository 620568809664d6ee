"""Radio contacts that are NaN km away

A log of amateur radio shows how far away a station is. For two stations in the same square of the
map the cosine of their angle came out one rounding above 1, and the arccosine of that is nan: for
720 of 32 400 squares.

The cosine is clamped to the domain of the arccosine. That mends the contact with the same square;
for places metres apart an arccosine has no digits to give in any case.
"""

import numpy as np

REPORT, YEAR, STATE = "patrickrb/FT8AF#512", 2026, "merged"
CHAPTER = "conditioning"
INPUT = tuple(np.radians([31.0, -5.5, 31.0, -5.5]))


def great_circle(lon1, lat1, lon2, lat2):
    east = np.cos(lat1) * np.cos(lat2) * np.cos(lon1 - lon2)
    cosine = east + np.sin(lat1) * np.sin(lat2)
    angle = np.arccos(cosine)
    return 6371.0 * angle


def great_circle_fixed(lon1, lat1, lon2, lat2):
    east = np.cos(lat1) * np.cos(lat2) * np.cos(lon1 - lon2)
    cosine = east + np.sin(lat1) * np.sin(lat2)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    return 6371.0 * angle
