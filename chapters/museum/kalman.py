"""A filter that is certain of everything

A Kalman filter multiplies its covariance by 1 − gain. In several dimensions, as in the report, the
covariance lost its symmetry, then its positive eigenvalues, and Cholesky failed. The factor 1 −
gain has a fault in one dimension, too, shown here: when little is known beforehand and the sensor
is good, the gain rounds to 1, and the filter believes that it knows everything. Title and numbers
are ours.

Joseph's form is a sum of squares: it adds what the sensor leaves in doubt instead of subtracting.
The fix also averages the covariance with its transpose.
"""

REPORT, YEAR, STATE = "zauberzeug/feldfreund_devkit#47", 2026, "merged"
CHAPTER = "choosing_a_solver"
INPUT = (1.0e10, 1.0e-7)


def kalman(variance, noise):
    innovation = variance + noise
    gain = variance / innovation
    return (1 - gain) * variance


def kalman_fixed(variance, noise):
    innovation = variance + noise
    gain = variance / innovation
    return (1 - gain) ** 2 * variance + gain**2 * noise
