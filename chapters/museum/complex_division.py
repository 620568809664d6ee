"""One over one plus i

On a pocket calculator, 10¹⁵⁵ divided by 10¹⁵⁵(1 + i) was inf, and not (1 − i)/2: the squared
modulus of the divisor overflows.

Smith's method divides by the larger part of the divisor first; where that is the imaginary one,
both numbers are divided by i before. Only the real part is shown, which here is inf/inf.
"""

REPORT, YEAR, STATE = "numworks/epsilon#119", 2017, "merged"
CHAPTER = "floating_point"
INPUT = (1e155, 0.0, 1e155, 1e155)


def complex_division(a, b, c, d):
    modulus = c * c + d * d
    real = a * c + b * d
    return real / modulus


def complex_division_fixed(a, b, c, d):
    if abs(c) < abs(d):
        a, b, c, d = b, -a, d, -c
    ratio = d / c
    modulus = c + d * ratio
    real = a + b * ratio
    return real / modulus
