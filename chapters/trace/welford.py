"""the same variance by Welford's update"""
# arguments: [299852480.0, 299852500.0, 299852470.0]


def variance(readings):
    count = mean = squares = 0.0
    for x in readings:
        count = count + 1
        step = x - mean
        mean = mean + step / count
        squares = squares + step * (x - mean)
    return squares / count
