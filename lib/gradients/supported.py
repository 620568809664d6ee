"""Say which functions of NumPy have a derivative on the tape."""

from lib.gradients import arrays, decompositions, elementary, products, reductions, solutions
from lib.gradients.traced import HANDLERS, RULES, name_of


def supported():
    """Return the functions of NumPy that `grad` follows, by the module of their rules.

    Operators, indexing and the methods of arrays that are such functions are followed as well.

    Returns
    -------
    dict of str to list of str

    Examples
    --------
    >>> supported()["products"]
    ['np.dot', 'np.matmul', 'np.outer', 'np.vdot']
    """
    found = {}
    for module in (elementary, arrays, products, reductions, solutions, decompositions):
        name = module.__name__
        functions = {f for f, rule in {**HANDLERS, **RULES}.items() if rule.__module__ == name}
        names = {name_of(f) for f in functions | set(getattr(module, "CONSTANT", ()))}
        found[name.rpartition(".")[2]] = sorted(one for one in names if one.startswith("np."))
    return found
