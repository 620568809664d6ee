"""a loop that takes one step too many"""
# arguments: 0.1


def steps(width):
    position = count = 0.0
    while position < 1:
        position = position + width
        count = count + 1
    return count
