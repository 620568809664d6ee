"""The list of what has a derivative is complete, and all of it is in NumPy."""

import numpy as np

import lib.gradients
from lib.gradients import grad, supported
from lib.gradients.traced import HANDLERS, RULES, name_of


def test_every_rule_is_listed_under_its_module():
    listed = supported()
    assert {name for names in listed.values() for name in names} >= {
        name_of(f) for f in {*HANDLERS, *RULES} if name_of(f).startswith("np.")}
    assert list(listed) == ["elementary", "arrays", "products", "reductions", "solutions",
                            "decompositions"]
    assert "np.linalg.solve" in listed["solutions"] and "np.tanh" in listed["elementary"]
    assert "np.where" in listed["elementary"] + listed["arrays"]


def test_every_name_is_one_of_numpy():
    for name in (name for names in supported().values() for name in names):
        assert callable(eval(name, {"np": np})) and "lambda" not in name


def test_the_room_says_which_they_are():
    # A table by hand in the docstring of the door would miss what is added: it points here.
    assert "supported()" in lib.gradients.__doc__
    try:
        grad(np.median)(np.ones(2))
    except TypeError as refusal:
        assert "supported()" in str(refusal)
