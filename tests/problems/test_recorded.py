"""What the records say, NumPy, SciPy and PyTorch say today, each where it is installed."""

import importlib.util
from pathlib import Path

import pytest

import lib
from lib.problems import read_recorded

SCRIPTS = Path(lib.__file__).resolve().parent.parent / "benchmarks"
TWINS = read_recorded("twins")["measured"]
PYTORCH = read_recorded("torch_low_precision")["measured"]
# These depend on the kernels that a processor is given, and on nothing that is promised.
KERNELS = {"instructions", "of 1024 entries changed by the batch"}


def script(name):
    """Return a script of benchmarks as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of_libraries(table, names):
    """Return a table of twins without what other libraries say."""
    return {row: {name: said for name, said in answers.items() if name in names}
            for row, answers in table.items()}


@pytest.fixture(scope="module")
def twins():
    """Return what all libraries that are installed answer now."""
    return script("record_twins").measure()


@pytest.mark.parametrize("table", ["calls", "inputs", "defaults"])
def test_numpy_and_scipy_answer_as_recorded(twins, table):
    assert of_libraries(twins[table], {"numpy", "scipy"}) == \
        of_libraries(TWINS[table], {"numpy", "scipy"})


@pytest.mark.parametrize("table", ["calls", "inputs", "defaults"])
def test_pytorch_answers_as_recorded(torch, twins, table):
    assert of_libraries(twins[table], {"torch"}) == of_libraries(TWINS[table], {"torch"})


def test_no_row_of_the_twins_is_alone():
    for call, expressions in TWINS["calls"].items():
        assert set(TWINS["inputs"][call]) == set(expressions) > {"torch"}
    assert all("torch" in answers for answers in TWINS["defaults"].values())


@pytest.fixture(scope="module")
def live(torch):
    """Return what PyTorch does with few bits now."""
    return script("record_torch_low_precision").measure()


@pytest.mark.parametrize("part", sorted(set(PYTORCH) - KERNELS))
def test_pytorch_does_with_few_bits_what_is_recorded(live, part):
    assert live[part] == PYTORCH[part]


def test_a_row_alone_has_the_same_bits_twice(live):
    for kind in ("float32", "bfloat16"):
        counts = live["of 1024 entries changed by the batch"][kind]
        assert counts.keys() == PYTORCH["of 1024 entries changed by the batch"][kind].keys()
        assert counts["1"] == 0
