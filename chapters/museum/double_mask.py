"""A mask added to a mask

Attention hides a key by adding the most negative number of the format to its score. A key hidden
twice, as a later one and as padding, got the sum of both, which is −inf in bfloat16. In the
report that made nan of the gradients; here every key is hidden twice, and the softmax itself is
nan. The scores are ours.

A padded key gets the number in place of what its mask has, not on top of it.
"""

import numpy as np

from lib.numbers import BF16

REPORT, YEAR, STATE = "NVIDIA-NeMo/Automodel#2658", 2026, "merged"
CHAPTER, FORMAT = "softmax", BF16
INPUT = (np.zeros(2), np.full(2, -BF16.max), np.full(2, -BF16.max))


def double_mask(score, causal, padding):
    mask = causal + padding
    score = score + mask
    e = np.exp(score - np.max(score))
    return e / np.sum(e)


def double_mask_fixed(score, causal, padding):
    mask = np.where(padding < 0, padding, causal)
    score = score + mask
    e = np.exp(score - np.max(score))
    return e / np.sum(e)
