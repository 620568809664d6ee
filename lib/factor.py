"""Factor a matrix, and solve systems of equations with the factors.

The routines themselves lie in modules of one subject each: triangular, elimination, orthogonal,
estimate, systems; this is where all of them are imported from. They compute in the dtype of the
matrix, float32 or float64, with `@` and elementwise arithmetic only, so that every rounding error
is in sight. The loop over single columns also runs on the numbers of `lib.digits.trace`.
"""

from lib.arguments import IllConditionedWarning, SingularMatrixError
from lib.elimination import (
    LU,
    NotPositiveDefiniteError,
    cholesky,
    eliminate,
    eliminate_symmetric,
    lu,
    lu_complete,
)
from lib.estimate import condition_estimate
from lib.orthogonal import (
    classical_gram_schmidt,
    householder_qr,
    modified_gram_schmidt,
    pivoted_qr,
    reflector,
    reorthogonalized_gram_schmidt,
)
from lib.systems import least_squares, normal_equations, refine, solve
from lib.triangular import back_substitution, forward_substitution

__all__ = [
    "LU",
    "IllConditionedWarning",
    "NotPositiveDefiniteError",
    "SingularMatrixError",
    "back_substitution",
    "cholesky",
    "classical_gram_schmidt",
    "condition_estimate",
    "eliminate",
    "eliminate_symmetric",
    "forward_substitution",
    "householder_qr",
    "least_squares",
    "lu",
    "lu_complete",
    "modified_gram_schmidt",
    "normal_equations",
    "pivoted_qr",
    "refine",
    "reflector",
    "reorthogonalized_gram_schmidt",
    "solve",
]
