"""Gradients: the networks that they are taken of."""

from lib.gradients.network import (
    batch_norm,
    hidden_states,
    initial_parameters,
    initial_weights,
    layer_norm,
    mlp,
    weight_variance,
)

__all__ = [
    "batch_norm",
    "hidden_states",
    "initial_parameters",
    "initial_weights",
    "layer_norm",
    "mlp",
    "weight_variance",
]
