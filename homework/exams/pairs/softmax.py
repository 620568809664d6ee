"""Two answers to judge, on softmax and log-sum-exp."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.numbers import formats, log_softmax, logsumexp, softmax, ulp

bank = Bank("softmax")


@bank.item("judge", 2)
def clip_or_shift(rng):
    top, low = rng.choice([
        (float(rng.randint(8, 30) * 100), rng.randint(1, 4)),
        (float(rng.randint(5, 60) * 10), rng.randint(1, 4)),
        (float(rng.randint(-20, 60) * 10), float(rng.randint(15, 40) * 100))])
    z = np.array([top, top - low])
    clipped = float(np.log(np.sum(np.exp(np.clip(z, -700, 700)))))
    shifted = float(logsumexp(z))
    right = 0 if abs(clipped - shifted) > 1e-6 else 1 if abs(z).max() <= 700 else 2
    return weigh(
        rng, f"log(sum(exp(z))) for z = ({z[0]:g}, {z[1]:g}) in float64, where exp overflows above "
        "709 and is 0 below −745; two programs.",
        f"log(sum(exp(clip(z, -700, 700))))  {clipped:.4f}",
        f"m + log(sum(exp(z - m))), m = max  {shifted:.4f}",
        [("@2: @1 changes the larger logit, and so the sum", "a clip always changes the result"),
         ("Either: no logit is beyond 700, and none clipped", "what is finite is right"),
         ("Either: what is clipped is too small to count", "a clip changes only small terms"),
         ("@1: a clip keeps in range, a shift does not", "keeping numbers in range is enough")],
        right, "log-sum-exp lies between the maximum and the maximum plus log 2; the clip puts it "
        f"off by {sci(abs(clipped - shifted), 1)}.")


@bank.item("judge", 3)
def epsilon(rng):
    gap = rng.choice([float(rng.randint(60, 90) * 10), float(rng.randint(1, 5)), math.inf])
    z, eps = np.array([0.0, -gap]), 10.0 ** -rng.choice([8, 10, 12])
    with np.errstate(all="ignore"):
        p = float(softmax(z)[1])
        bandaged, loss = -math.log(p + eps), -float(log_softmax(z)[1])
    told = "−inf" if math.isinf(gap) else f"−{gap:g}"
    right = 2 if math.isinf(loss) else 1 if p > 1e4 * eps else 0
    if right == 0 and p > 1e-4 * eps:
        raise Collision("on the border")
    return weigh(
        rng, f"Two losses for the logits (0, {told}), the second class being the right one; −inf "
        "is what a mask writes. They are to train a model.",
        f"-log(softmax(z) + {eps:g})  {bandaged:.4f}", f"-log_softmax(z)          {loss:.4f}",
        [("@2: the gradient of @1 is nearly 0, so nothing is learnt",
          "an epsilon always stops the gradient"),
         ("Either: the probability is far above the epsilon",
          "the size of a loss does not matter"),
         ("Neither: the label names a class that is masked out", "a large loss is a wrong label"),
         ("@1: it cannot be inf, which is what training needs",
          "a small epsilon cures every inf and nan")],
        right, f"The probability is {sci(p)}, the epsilon {sci(eps)}. The gradient of −log_softmax "
        "is softmax minus one-hot; with the epsilon it is p/(p + ε) of that.")


@bank.item("judge", 4)
def format_of_logits(rng):
    size = rng.choice([1.0, 1.5]) * rng.choice([rng.choice([256, 512, 1024]), 2.0**-rng.randint(
        2, 5), 2.0 ** rng.randint(25, 28)])
    gaps = [ulp(size, fmt) for fmt in (formats.BF16, formats.FP32)]
    return weigh(
        rng, f"Logits near {sci(size)} that differ by little are stored in one of two formats; "
        "then a softmax is computed in float64. Probabilities are wanted within 10 per cent.",
        f"bfloat16, gap {sci(gaps[0])} there", f"float32, gap {sci(gaps[1])} there",
        [("@2: its gap is far below 0.1, and that of @1 is above",
          "bfloat16 is too coarse for logits"),
         ("Either: the gap of each is far below 0.1, and so will do",
          "relative errors of the logits are those of probabilities"),
         ("Neither: the gap of each is above 1, a factor of e",
          "large logits cannot be stored"),
         ("@1: softmax subtracts the maximum, so the gap is gone",
          "a shift brings back digits that were not stored")],
        verdict(*(gap < 0.05 for gap in gaps)),
        "A gap of g in the logits is a factor of up to eᵍ in the probabilities: here e to the "
        f"power {sci(gaps[0])} and {sci(gaps[1])}.")
