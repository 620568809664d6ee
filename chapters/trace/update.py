"""a weight that stands still, in bfloat16"""
# arguments: weight=1.0, gradient=0.5
# precision: bfloat16


def train(weight, gradient):
    for _ in range(20):
        step = 1e-3 * gradient
        weight = weight - step
    return weight
