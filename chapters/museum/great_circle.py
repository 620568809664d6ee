"""Radio contacts that are NaN km away

A log of amateur radio shows how far away a station is. For two stations in the same square of the
map the cosine of their angle came out one rounding above 1, and the arccosine of that is nan: in
the report, for 720 of 32 400 squares. Here `turn` is the difference of the longitudes; the
latitude is the first, in steps of a quarter degree, for which it happens.

The cosine is clamped to the domain of the arccosine. That mends the contact with the same square;
for places metres apart an arccosine gives two to four digits of sixteen.
"""

import math

import numpy as np

REPORT, YEAR, STATE = "patrickrb/FT8AF#512", 2026, "merged"
CHAPTER = "eigenvalues"
INPUT = next((b, b, 0.0) for b in np.radians(np.arange(0.5, 90, 0.25)).tolist()
             if math.cos(b) * math.cos(b) + math.sin(b) * math.sin(b) > 1)


def great_circle(lat1, lat2, turn):
    across = math.cos(lat1) * math.cos(lat2) * math.cos(turn)
    cosine = across + math.sin(lat1) * math.sin(lat2)
    angle = np.arccos(cosine)
    return 6371.0 * angle


def great_circle_fixed(lat1, lat2, turn):
    across = math.cos(lat1) * math.cos(lat2) * math.cos(turn)
    cosine = across + math.sin(lat1) * math.sin(lat2)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    return 6371.0 * angle
