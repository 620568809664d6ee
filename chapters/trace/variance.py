"""a variance in one pass"""
# arguments: [299852480.0, 299852500.0, 299852470.0]


def variance(readings):
    count = total = squares = 0.0
    for x in readings:
        count = count + 1
        total = total + x
        squares = squares + x * x
    mean = total / count
    return squares / count - mean * mean
