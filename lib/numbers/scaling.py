"""Scale a loss, so that gradients of few bits do not underflow; and take the scale off again.

float16 holds 40 powers of two. Gradients below them are moved into them by a factor on the loss,
and by its inverse, in a longer format, before the step. A scale that makes an infinity costs that
step, which is left out, and is then lowered.
"""

from dataclasses import dataclass, replace

import numpy as np

from lib.numbers.arguments import real_array
from lib.numbers.scalars import real_number, truth_value, whole_number


@dataclass(frozen=True)
class LossScale:
    """The factor on a loss, and the rule by which it changes: that of PyTorch's GradScaler.

    A step is: multiply the loss by `.scale`; compute gradients; `unscale` each; if all were finite,
    update the parameters, else leave them; go on with what `update` returns.

    Parameters
    ----------
    scale : float
        The factor, positive, or 0 where it has sunk to that, and stays there; it is kept in
        float32, and rounded to it.
    growth_factor : float
        What multiplies the scale after enough steps without overflow, above 1. Where the result
        would not be finite in float32, the scale stays.
    backoff_factor : float
        What multiplies it after a step with an infinity or a nan, between 0 and 1.
    growth_interval : int, optional
        How many finite steps, one after the other, make it grow. None: the scale is static.
    streak : int
        How many such steps there were since the scale last changed, below growth_interval.

    Raises
    ------
    TypeError, ValueError
        If an argument is no number, or not in its range.

    References
    ----------
    Micikevicius et al., "Mixed precision training", ICLR (2018), section 3.2; PyTorch 2,
    torch.amp.GradScaler, whose defaults these are.

    Examples
    --------
    >>> scaler = LossScale()
    >>> gradient, finite = scaler.unscale(np.array([1.0, np.inf]))
    >>> finite, scaler.update(finite).scale, scaler.scale
    (False, 32768.0, 65536.0)
    """

    scale: float = 2.0**16
    growth_factor: float = 2.0
    backoff_factor: float = 0.5
    growth_interval: int | None = 2000
    streak: int = 0

    def __post_init__(self):
        for name, low, high in (("scale", 0, np.inf), ("growth_factor", 1, np.inf),
                                ("backoff_factor", 0, 1)):
            value = real_number(getattr(self, name), name)
            value = _float32(value) if name == "scale" else value
            sunk = name == "scale" and value == 0
            if not (low < value < high or sunk):
                raise ValueError(f"{name} = {value}: it must lie between {low} and {high}")
            object.__setattr__(self, name, value)
        object.__setattr__(self, "streak", whole_number(self.streak, "streak", 0))
        if self.growth_interval is not None:
            interval = whole_number(self.growth_interval, "growth_interval", 1)
            object.__setattr__(self, "growth_interval", interval)
            if self.streak >= interval:  # PyTorch asks for equality, and would never grow again
                raise ValueError(f"streak = {self.streak}: it must be below growth_interval = "
                                 f"{interval}")

    def unscale(self, gradient):
        """Return a gradient times the inverse of the scale, and whether it was finite before.

        Parameters
        ----------
        gradient : array_like, any shape, float32 or float64
            That of the scaled loss. In float16, small gradients would underflow again: convert
            them first.

        Returns
        -------
        tuple of ndarray, of gradient's shape and dtype, and bool
            The inverse is rounded to float32. If the scale is a power of two and nothing
            underflows, nothing is rounded. From a scale of 2**-128 down the inverse is infinite,
            and so is what comes back, though the gradient was finite.

        Raises
        ------
        TypeError, ValueError
            If gradient is of another dtype, or empty.
        """
        gradient = real_array(gradient, "gradient", finite=False)
        if gradient.dtype == object:
            raise TypeError("gradient holds objects: use .astype(float)")
        finite = bool(np.isfinite(gradient).all())
        with np.errstate(all="ignore"):
            inverse = np.float32(1 / np.float64(self.scale))
            return gradient * inverse.astype(gradient.dtype), finite

    def update(self, finite):
        """Return the scale for the next step.

        Parameters
        ----------
        finite : bool
            Whether all gradients of this step were finite before they were unscaled.

        Returns
        -------
        LossScale
            With `.scale` times backoff_factor where finite is false; times growth_factor after
            growth_interval finite steps; else with a longer `.streak`. Itself where it is static.
        """
        finite = truth_value(finite, "finite")
        if self.growth_interval is None:
            return self
        if not finite:
            return replace(self, scale=_float32(self.scale * self.backoff_factor), streak=0)
        if self.streak + 1 < self.growth_interval:
            return replace(self, streak=self.streak + 1)
        grown = _float32(self.scale * self.growth_factor)
        return replace(self, scale=grown if grown < np.inf else self.scale, streak=0)


def _float32(x):
    """Return a number as float32 keeps it."""
    with np.errstate(all="ignore"):
        return float(np.float32(x))
