"""Gradients: how they pass through the layers of a network, and how one descends along them."""

from lib.gradients.descent import (
    Step,
    adam,
    adamw,
    gradient_descent,
    heavy_ball,
    nesterov,
)
from lib.gradients.flow import (
    LayerJacobian,
    Rates,
    layer_jacobians,
    measured_rates,
    predicted_rates,
    product_norm,
    product_singular_values,
    state_gradients,
)
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
    "LayerJacobian",
    "Rates",
    "Step",
    "adam",
    "adamw",
    "batch_norm",
    "gradient_descent",
    "heavy_ball",
    "hidden_states",
    "initial_parameters",
    "initial_weights",
    "layer_jacobians",
    "layer_norm",
    "measured_rates",
    "mlp",
    "nesterov",
    "predicted_rates",
    "product_norm",
    "product_singular_values",
    "state_gradients",
    "weight_variance",
]
