"""A routine is called on arrays or on tensors, and whatever it does becomes a verdict."""

import types

import numpy as np
import pytest

from lib.grade.certify import KINDS
from lib.grade.certify.kinds import Case
from lib.grade.certify.limits import Guard
from lib.grade.certify.running import Routine, judge, uses_torch


def result_of(f, what="solver", number=0, dtype="float64"):
    kind = KINDS[what]
    return judge(Routine(f, Guard(0.2, 5.0)), Case(kind, kind.trials[number], [95, 0], dtype))


def overwriting(A, b):
    A[...] = 0
    return b


@pytest.mark.parametrize("f, verdict, reason", [
    (np.linalg.solve, "stable", "backward error"),
    (lambda A, b: np.linalg.solve(A, b) * (1 + 1e-10), "unstable", "allowed 8.9e-15"),
    (lambda A, b: np.linalg.solve(A, b) * (1 + 1e-4), "inaccurate", "allowed 8.9e-15"),
    (lambda A, b: b, "wrong", "allowed 8.9e-15"), (lambda A, b: 1 / 0, "wrong", "raised ZeroDiv"),
    (lambda A, b: np.float32(np.linalg.solve(A, b) * 1.0001), "inaccurate", "float32 for float64"),
    (overwriting, "wrong", "changed its argument"), (lambda A, b: print(), "wrong", "None"),
    (..., "not attempted", "")])
def test_a_result_is_judged_on_the_scale(f, verdict, reason):
    found = result_of(f)
    assert found.verdict == verdict and reason in found.reason


def test_another_format_is_another_road_where_the_numbers_are_right():
    found = result_of(lambda A, b: np.linalg.solve(A, b).astype(float), dtype="float32")
    assert found.verdict == "another road" and "float64 for float32" in found.reason


def test_an_object_that_computes_or_fails_when_it_is_read_is_judged_too():
    class Endless:
        def __array__(self, *args, **options):
            while True:
                pass

    class Failing(tuple):
        def __iter__(self):
            raise RuntimeError("no")

    assert result_of(lambda A, b: Endless()).reason.startswith("no result after")
    assert result_of(lambda A: Failing((A, A)), "qr").verdict == "wrong"


def test_an_array_that_is_used_again_is_noticed():
    memory = np.zeros(8)

    def reusing(A, b):
        memory[:] = np.linalg.solve(A, b)
        return memory

    routine, kind = Routine(reusing, Guard(1.0, 5.0)), KINDS["solver"]
    for seed in (96, 97):
        assert judge(routine, Case(kind, kind.trials[0], [seed, 0], "float64")).verdict == "stable"
    assert routine.overwritten() == {kind.trials[0].name: 1}


def test_torch_is_given_tensors_where_its_file_imports_it(torch):
    home = types.ModuleType("home")
    exec("import torch\ndef f(A, b): return torch.linalg.solve(A, b)\n"
         "def g(A, b): A.mul_(0); return b\ndef h(A, b): raise TypeError('mine')", home.__dict__)
    for dtype in ("float64", "float32"):
        assert result_of(home.f, dtype=dtype).verdict == "stable"
    assert result_of(torch.linalg.solve).verdict == "stable"
    assert result_of(home.g).reason.startswith("changed its argument")
    assert "mine" in result_of(home.h).reason
    assert uses_torch(home.f) and not uses_torch(np.linalg.solve) and not uses_torch(7)


TORCH = {
    "by its functions": "from torch.linalg import solve as s\ndef f(A, b): return s(A, b)",
    "by a module": "import torch.linalg as part\ndef f(A, b): return part.solve(A, b)",
    "inside": "def f(A, b):\n    import torch\n    return torch.linalg.solve(A, b)",
    "by methods": "import torch\ndef f(A, b): return A.inverse().matmul(b)",
    "as a class": "import torch\nclass K:\n    @staticmethod\n    def f(A, b):\n"
                  "        return torch.linalg.solve(A, b)\nf = K.f",
    "as a method": "from torch.linalg import solve\nclass K:\n    def f(self, A, b):\n"
                   "        return solve(A, b)\nf = K().f"}


@pytest.mark.parametrize("how", TORCH)
def test_torch_is_given_tensors_however_it_was_imported(torch, how):
    home = types.ModuleType("home")
    exec(TORCH[how], home.__dict__)
    for dtype in ("float64", "float32"):
        assert result_of(home.f, dtype=dtype).verdict == "stable"


def test_who_knows_no_torch_is_given_arrays_alone(torch):
    seen = []

    def f(A, b):
        seen.append(type(A))
        raise TypeError("mine")

    assert "mine" in result_of(f).reason and seen == [np.ndarray]


def test_a_refusal_is_what_is_asked_for_where_there_is_nothing_to_return():
    number = [trial.refuses for trial in KINDS["cholesky"].trials].index(True)
    found = result_of(np.linalg.cholesky, "cholesky", number)
    assert found.verdict == "stable" and found.reason.startswith("refused")
    assert result_of(lambda A: np.eye(5), "cholesky", number).verdict == "wrong"
