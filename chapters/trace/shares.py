"""shares that refuse to add up to 1"""
# arguments: [0.7, 0.2, 0.1]


def checked(shares):
    total = 0.0
    for share in shares:
        total = total + share
    if total != 1:
        raise ValueError("the shares do not add up to 1")
    return shares
