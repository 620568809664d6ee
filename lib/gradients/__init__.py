"""Gradients: of programs, through the layers of a network, and how one descends along them.

`grad(f)`, `value_and_grad(f)` and `hvp(f, x, v)` go through f backwards, for any number of
parameters; `derivative(f)` and `Dual` go through it forwards, for one. The function f is ordinary
code on arrays, with operators, indexing, loops, branches and the functions that `supported()`
lists, those of `np.linalg` among them: the same code computes its value. Whatever else meets a
number whose derivative is followed raises an error that names it; nothing drops a derivative.
`primitive` adds a rule of your own, and `check_gradient` holds a gradient against differences.

Derivatives are exact for the program, up to rounding. Where the program has none:

- abs, the maximum and the minimum of two numbers have the mean of both sides at a tie, that of an
  array shares equally, `np.clip` has slope 1 at its bounds, steps such as `np.floor` have 0;
- `np.sqrt` has an infinite slope at 0, and the chain rule may make a nan of it: so has the root of
  a sum of squares; `np.linalg.norm` and `np.hypot` have 0 there;
- what `np.where`, an index, a maximum or a clip left out has no share, also where it is a nan;
- equal eigenvalues and singular values have a gradient, of single ones it is one of many; their
  vectors are refused, with the gap, where the gap may be rounding.
"""

from lib.gradients.autodiff import grad, hvp, value_and_grad
from lib.gradients.check import GradientCheck, check_gradient
from lib.gradients.descent import (
    Step,
    adam,
    adamw,
    gradient_descent,
    heavy_ball,
    nesterov,
)
from lib.gradients.dual import Dual, derivative
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
from lib.gradients.reductions import logsumexp
from lib.gradients.supported import supported
from lib.gradients.traced import primitive

__all__ = [
    "Dual",
    "GradientCheck",
    "LayerJacobian",
    "Rates",
    "Step",
    "adam",
    "adamw",
    "batch_norm",
    "check_gradient",
    "derivative",
    "grad",
    "gradient_descent",
    "heavy_ball",
    "hidden_states",
    "hvp",
    "initial_parameters",
    "initial_weights",
    "layer_jacobians",
    "layer_norm",
    "logsumexp",
    "measured_rates",
    "mlp",
    "nesterov",
    "predicted_rates",
    "primitive",
    "product_norm",
    "product_singular_values",
    "state_gradients",
    "supported",
    "value_and_grad",
    "weight_variance",
]
