"""Time gradients against gradients written by hand, HIPS autograd and torch, as ratios of CPU time.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/autodiff.py`, or by `make bench`. The loss is that
of a tanh network of 20 layers of width 64, in float64, whose gradient by hand is a dozen lines of
NumPy; a tape adds the same work for every operation, however small its arrays are, so that its
share falls with the batch. `pip install autograd torch` adds the peers; what is not installed is
named and left out. Solutions are timed because what goes back through them is solved by
`lib.linear`.
"""

import importlib
from functools import partial

import numpy as np
from timing import medians, ratio, settle

from lib.gradients import grad, hvp, value_and_grad

LAYERS, WIDTH, BATCHES = 20, 64, (16, 64, 128, 256)
AIM, AIMED = 1.35, 128  # the largest ratio, at this batch


def network(rng):
    """Return weights and biases, a pair for each layer."""
    return [(rng.standard_normal((WIDTH, WIDTH)) / 8, rng.standard_normal(WIDTH) / 10)
            for _ in range(LAYERS)]


def loss(parameters, X, tanh=np.tanh, mean=np.mean):
    """Return the mean square of what the network makes of X."""
    hidden = X
    for W, b in parameters:
        hidden = tanh(hidden @ W + b)
    return mean(hidden * hidden)


def by_hand(parameters, X):
    """Return the loss and its gradient, as one writes them without a tape."""
    hiddens = [X]
    for W, b in parameters:
        hiddens.append(np.tanh(hiddens[-1] @ W + b))
    top, gradient = hiddens[-1], []
    g = 2 / top.size * top
    for (W, _), below, above in zip(parameters[::-1], hiddens[-2::-1], hiddens[:0:-1], strict=True):
        g = g * (1 - above * above)
        gradient.append((below.T @ g, g.sum(axis=0)))
        g = g @ W.T
    return np.mean(top * top), gradient[::-1]


def peer(name):
    """Return a module, or None after a line that says that it is absent."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed and is left out: pip install {name}")
        return None


def by_autograd(autograd):
    """Return the gradient by HIPS autograd, of the same function."""
    numpy = importlib.import_module("autograd.numpy")
    return autograd.value_and_grad(partial(loss, tanh=numpy.tanh, mean=numpy.mean))


def by_torch(torch):
    """Return the gradient by torch on one thread of the CPU, which makes its tensors beforehand."""
    torch.set_num_threads(1)
    kept = {}

    def value_and_gradient(parameters, X):
        if id(X) not in kept:
            leaf = partial(torch.tensor, requires_grad=True)
            kept[id(X)] = [(leaf(W), leaf(b)) for W, b in parameters], torch.tensor(X)
        tensors, T = kept[id(X)]
        value = loss(tensors, T, torch.tanh, torch.mean)
        return value, torch.autograd.grad(value, [x for pair in tensors for x in pair])

    return value_and_gradient


def main():
    """Print one line for each size of batch, and one for each system of equations."""
    rng = np.random.default_rng(1970)
    print(settle(np))
    ways = {"by hand": by_hand, "lib": value_and_grad(loss)}
    for name, make in (("autograd", by_autograd), ("torch", by_torch)):
        module = peer(name)
        if module is not None:
            ways[name] = make(module)
    print(f"gradient of {LAYERS} tanh layers of width {WIDTH}, CPU time as a multiple of that by "
          f"hand; aim: at most {AIM}, and below the peers")
    peers = [name for name in ways if name != "by hand"]
    for batch in BATCHES:
        parameters, X = network(rng), rng.standard_normal((batch, WIDTH))
        hand, *others = medians(*(partial(way, parameters, X) for way in ways.values()), repeats=15)
        found = [time / hand for time in others]
        missed = found[0] > AIM or found[0] > min(found)
        row = "  ".join(f"{name} {one:.2f}" for name, one in zip(peers, found, strict=True))
        verdict = "" if batch != AIMED else "  missed" if missed else f"  aim {AIM}"
        print(f"batch {batch:4}: {row}{verdict}")
    parameters, X = network(rng), rng.standard_normal((64, WIDTH))
    gradient, product = grad(loss), partial(hvp, loss, parameters, parameters, X)
    print(f"Hessian times vector / gradient, batch 64: "
          f"{ratio(product, partial(gradient, parameters, X)):.2f}")
    for n in (5, 50, 500):
        A, b = rng.standard_normal((n, n)), rng.standard_normal(n)
        found = ratio(partial(grad(lambda p: np.sum(np.linalg.solve(*p))), (A, b)),
                      partial(np.linalg.solve, A, b), repeats=5)
        print(f"gradient of a solution with {n} unknowns / np.linalg.solve: {found:.1f}")


if __name__ == "__main__":
    main()
