"""Two answers to judge, on arrays: distances, factors of blocks, the order of products."""

import numpy as np

from homework.exams.items import Bank, Collision, judge, verdict, weigh
from homework.exams.words import sci, whole
from lib.numbers import orthogonality_loss, relative_error
from lib.problems import with_singular_values

bank = Bank("arrays")


TWO_DISTANCES = (
    ("@2: @1 takes from each other squares that nearly agree",
     "the expanded form is always wrong"),
    ("Either: the distance is about as large as the norms",
     "equal in mathematics is equal in floats"),
    ("Neither: the difference was rounded away when stored",
     "a wrong result comes from the data"),
    ("@1: one product serves all pairs, and keeps the digits",
     "a fast product is an accurate one"),
)


@bank.item("judge", 4)
def two_distances(rng):
    case = rng.randrange(3)
    shift = [10.0 ** rng.randint(2, 3), float(rng.randint(0, 2)), 10.0 ** rng.randint(5, 6)][case]
    apart = [1 / 64, rng.randint(2, 5), 1 / 512][case]
    source = np.random.default_rng(rng.randrange(10**6))
    x = shift + source.random(8)
    y = x + apart * (0.5 + source.random(8)) * source.choice([-1, 1], 8)
    stored = [z.astype(np.float32) for z in (x, y)]
    one = float(stored[0] @ stored[0] + stored[1] @ stored[1] - 2 * (stored[0] @ stored[1]))
    two = float(np.sum((stored[0] - stored[1]) ** 2))
    right = float(np.sum((x - y) ** 2))
    errors = [relative_error(value, right) for value in (one, two)]
    if verdict(*(error < 0.01 for error in errors)) != case or any(
            0.001 < error < 0.1 for error in errors):
        raise Collision("rounding is kind")
    return weigh(
        rng, f"Two points with 8 coordinates about {sci(shift, 1)} are stored in float32, "
        f"where the gap is {sci(float(np.spacing(np.float32(shift + 1))), 1)}; they are about "
        f"{sci(apart, 1)} apart in each. Their squared distance is wanted to two digits.",
        f"x·x + y·y − 2 x·y:  {one:.3g}", f"sum((x − y)²):      {two:.3g}",
        TWO_DISTANCES,
        case, f"The squared norms are {sci(float(x @ x))}, u times that is "
        f"{sci(2.0**-24 * float(x @ x))}; the squared distance before storing was {right:.3g}.")


@bank.item("judge", 5)
def two_qs(rng):
    case = rng.randrange(3)
    k = [rng.randint(6, 8), 1, rng.randint(6, 8)][case]
    source = np.random.default_rng(rng.randrange(10**6))
    core = with_singular_values(np.logspace(0, -k, 5), rng=source)
    A = np.linalg.qr(source.normal(size=(60, 5)))[0] @ core
    Q, R = np.linalg.qr(A)
    pair = [np.linalg.solve(R.T, A.T).T, A @ np.linalg.inv(R) if case == 2 else Q]
    losses = [orthogonality_loss(one) for one in pair]
    if verdict(*(loss < 1e-14 for loss in losses)) != case or any(
            1e-14 < loss < 1e-12 for loss in losses):
        raise Collision("R is kind")
    return weigh(
        rng, f"R of a tall matrix with κ = {sci(10.0**k, 1)} was found block by block; Q is "
        "wanted as well, orthogonal to twelve digits. Both candidates reproduce A = Q R.",
        f"norm(QᵀQ − I) = {sci(losses[0], 1)}", f"norm(QᵀQ − I) = {sci(losses[1], 1)}",
        [("@2: only its QᵀQ is I to rounding; @1 divides by R",
          "a Q by division is never orthogonal"),
         ("Either: with so small a κ dividing by R costs little",
          "accurate factors give accurate quotients"),
         ("Neither: both have lost it, as A divided by R loses it",
          "a matrix in blocks cannot be factored to rounding"),
         ("Either: both of them reproduce A, and that is enough",
          "a small residual is an orthogonal Q")],
        case, f"A R⁻¹ loses about κu = {sci(10.0**k * 2.0**-53, 1)}; a product of the blocks' "
        "orthogonal factors loses u.")


@bank.item("judge", 3)
def order_of_products(rng):
    m = 100 * rng.randint(5, 20)
    k = m * rng.choice([0, 1, rng.randint(2, 5)]) or rng.randint(1, 9)
    one, two = 2 * m**3 + 2 * m**2 * k, 4 * m**2 * k
    def told(whose, less, more):
        return f"{whose}: {sci(less)} operations against {sci(more)}"
    right = told("@2", two, one) if two < one else told("@1", one, two) if one < two else (
        told("Either", one, two))
    wrong = [(told("@2", 2 * m**2 * k, one), "the last product costs nothing"),
             (told("@1", 2 * m**2 * k, two), "what is formed once and used again costs nothing"),
             (told("Either", 4 * m**3, 4 * m**3), "each product of matrices takes 2m³"),
             (told("@2", 4 * m**2, 2 * m**3), "many columns cost as much as one")]
    wrong = [one for one in wrong if one[0] != right]
    return judge(
        rng, f"A B X is wanted for two matrices of order {whole(m)} and an X of {whole(k)} "
        f"{'column' if k == 1 else 'columns'}.", "(A @ B) @ X", "A @ (B @ X)", right, wrong[:3],
        f"2m³ + 2m²k = {sci(one, 3)} for @1 against 4m²k = {sci(two, 3)} for @2, with k columns.")
