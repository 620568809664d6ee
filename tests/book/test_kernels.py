"""A kernel that does not answer when it starts is started once more, and no more often."""

import importlib.util

import nbval.kernel
import pytest

from environment import ROOT


@pytest.fixture
def twice(monkeypatch):
    """Return what wraps the start of a kernel; what nbval calls stays as it is."""
    monkeypatch.setattr(nbval.kernel, "start_new_kernel", nbval.kernel.start_new_kernel)
    spec = importlib.util.spec_from_file_location("root_conftest", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


@pytest.mark.parametrize("failures", [0, 1])
def test_a_kernel_that_does_not_answer_is_started_again(twice, failures):
    tried = []

    def start(kernel_name):
        tried.append(kernel_name)
        if len(tried) <= failures:
            raise RuntimeError("Kernel didn't respond in 60 seconds")
        return "manager", "client"

    assert twice(start)(kernel_name="python3") == ("manager", "client")
    assert tried == ["python3"] * (failures + 1)


def test_a_kernel_that_never_answers_is_told(twice):
    def start():
        raise RuntimeError("Kernel didn't respond in 60 seconds")

    with pytest.raises(RuntimeError, match="respond"):
        twice(start)()


def test_nbval_starts_its_kernels_so():
    assert nbval.kernel.start_new_kernel.__wrapped__.__module__ == "nbval.kernel"
