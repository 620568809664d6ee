"""Kahan's sum: digits are lost on the way, and not missed"""
# arguments: [1.0, 1e-16, 1e-16, 1e-16]


def total(terms):
    large = small = 0.0
    for x in terms:
        y = x + small
        new = large + y
        small = y - (new - large)
        large = new
    return large
