"""Numbers as a computer has them: formats, sums, stable formulas, and how errors are measured.

The four modules can be imported by name, and so can each of their functions. Everything works on
NumPy arrays and floats and imports NumPy only.
"""

from lib.numbers import formats, measure, stable, sums
from lib.numbers.arguments import plain_array, real_array, refuse_mixed
from lib.numbers.counted import Counted, Tally, count_operations
from lib.numbers.exact import exact_distance, exact_parts
from lib.numbers.formats import (
    BF16,
    E4M3,
    E5M2,
    FP16,
    FP32,
    FP64,
    TF32,
    Format,
    bits,
    format_of,
    round_to,
    ulp,
    unit_roundoff,
    values,
)
from lib.numbers.measure import (
    absolute_error,
    backward_error,
    condition,
    least_squares_backward_error,
    log_relative_error,
    orthogonality_loss,
    relative_error,
    residual,
    ulps_apart,
)
from lib.numbers.pairs import two_prod, two_sum
from lib.numbers.scalars import random_source, real_number, truth_value, whole_number
from lib.numbers.stable import (
    cross_entropy,
    log1mexp,
    log_softmax,
    logsumexp,
    quadratic_roots,
    sample_std,
    softmax,
)
from lib.numbers.sums import (
    Moments,
    compensated_dot,
    compensated_sum,
    exact_sum,
    kahan_sum,
    naive_sum,
    pairwise_sum,
    running_moments,
    welford,
)

__all__ = [
    "BF16",
    "E4M3",
    "E5M2",
    "FP16",
    "FP32",
    "FP64",
    "TF32",
    "Counted",
    "Format",
    "Moments",
    "Tally",
    "absolute_error",
    "backward_error",
    "bits",
    "compensated_dot",
    "compensated_sum",
    "condition",
    "count_operations",
    "cross_entropy",
    "exact_distance",
    "exact_parts",
    "exact_sum",
    "format_of",
    "formats",
    "kahan_sum",
    "least_squares_backward_error",
    "log1mexp",
    "log_relative_error",
    "log_softmax",
    "logsumexp",
    "measure",
    "naive_sum",
    "orthogonality_loss",
    "pairwise_sum",
    "plain_array",
    "quadratic_roots",
    "random_source",
    "real_array",
    "real_number",
    "refuse_mixed",
    "relative_error",
    "residual",
    "round_to",
    "running_moments",
    "sample_std",
    "softmax",
    "stable",
    "sums",
    "truth_value",
    "two_prod",
    "two_sum",
    "ulp",
    "ulps_apart",
    "unit_roundoff",
    "values",
    "welford",
    "whole_number",
]
