"""Solve systems of equations, factor matrices, and find their singular values and eigenvalues.

All routines compute in the dtype of the matrix, float32 or float64, with `@` and elementwise
arithmetic only, so that every rounding error is in sight. Loops over single columns also run on the
numbers of `lib.digits.trace`. Error bounds hold as long as no number on the way is subnormal, that
is, below 1e-308 in size (float32: 1e-38); what grows out of the range raises OverflowError.
How good an answer is (backward error, condition, orthogonality) is measured in `lib.numbers`.
"""

from lib.linear.advice import advise
from lib.linear.checks import (
    IllConditionedWarning,
    NotPositiveDefiniteError,
    SingularMatrixError,
    checked_finite,
    right_hand_side,
    vector,
)
from lib.linear.choosing import discrepancy, generalized_cross_validation, leave_one_out
from lib.linear.components import (
    Components,
    Whitening,
    low_rank,
    principal_components,
    randomized_svd,
    whitening,
)
from lib.linear.descent import landweber, landweber_filter
from lib.linear.eigen import Eigendecomposition, eigh
from lib.linear.elimination import (
    LU,
    cholesky,
    eliminate,
    eliminate_symmetric,
    lu,
    lu_complete,
)
from lib.linear.estimate import condition_estimate, one_norm_estimate
from lib.linear.filters import (
    Pseudoinverse,
    TruncatedSolution,
    default_cutoff,
    filtered_solution,
    pseudoinverse,
    ridge,
    ridge_filter,
    truncated_least_squares,
    truncation_filter,
)
from lib.linear.findings import Advice
from lib.linear.jacobi import SVD, jacobi_svd, rotation
from lib.linear.krylov import CGResult, cg
from lib.linear.lanczos import Ritz, lanczos
from lib.linear.mixed import MixedSolution, mixed_solve, rounded_lu
from lib.linear.nystrom import NystromPreconditioner, nystrom_preconditioner
from lib.linear.orthogonal import (
    classical_gram_schmidt,
    householder_qr,
    modified_gram_schmidt,
    pivoted_qr,
    reflector,
    reorthogonalized_gram_schmidt,
)
from lib.linear.power import (
    DominantEigenpair,
    Eigenpair,
    inverse_iteration,
    power_iteration,
    rayleigh_quotient_iteration,
)
from lib.linear.preconditioners import (
    IncompleteCholesky,
    incomplete_cholesky,
    jacobi_preconditioner,
)
from lib.linear.scaled import equilibrate
from lib.linear.systems import least_squares, normal_equations, refine, solve
from lib.linear.triangular import back_substitution, forward_substitution
from lib.linear.tridiagonal import qr_step, tridiagonalize, wilkinson_shift
from lib.linear.woodbury import woodbury_solve

__all__ = [
    "LU",
    "SVD",
    "Advice",
    "CGResult",
    "Components",
    "DominantEigenpair",
    "Eigendecomposition",
    "Eigenpair",
    "IllConditionedWarning",
    "IncompleteCholesky",
    "MixedSolution",
    "NotPositiveDefiniteError",
    "NystromPreconditioner",
    "Pseudoinverse",
    "Ritz",
    "SingularMatrixError",
    "TruncatedSolution",
    "Whitening",
    "advise",
    "back_substitution",
    "cg",
    "checked_finite",
    "cholesky",
    "classical_gram_schmidt",
    "condition_estimate",
    "default_cutoff",
    "discrepancy",
    "eigh",
    "eliminate",
    "eliminate_symmetric",
    "equilibrate",
    "filtered_solution",
    "forward_substitution",
    "generalized_cross_validation",
    "householder_qr",
    "incomplete_cholesky",
    "inverse_iteration",
    "jacobi_preconditioner",
    "jacobi_svd",
    "lanczos",
    "landweber",
    "landweber_filter",
    "least_squares",
    "leave_one_out",
    "low_rank",
    "lu",
    "lu_complete",
    "mixed_solve",
    "modified_gram_schmidt",
    "normal_equations",
    "nystrom_preconditioner",
    "one_norm_estimate",
    "pivoted_qr",
    "power_iteration",
    "principal_components",
    "pseudoinverse",
    "qr_step",
    "randomized_svd",
    "rayleigh_quotient_iteration",
    "refine",
    "reflector",
    "reorthogonalized_gram_schmidt",
    "ridge",
    "ridge_filter",
    "right_hand_side",
    "rotation",
    "rounded_lu",
    "solve",
    "tridiagonalize",
    "truncated_least_squares",
    "truncation_filter",
    "vector",
    "whitening",
    "wilkinson_shift",
    "woodbury_solve",
]
