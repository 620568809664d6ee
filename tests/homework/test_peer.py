"""Two peers call each other, in turn and one inside the other."""

import contextlib
import os
import threading

import numpy as np
import pytest

from homework.peer import Peer, Remote, error_of
from homework.runner import Pipe, limits_of
from homework.wire import WireError
from lib.grade import is_stub


class Line(Pipe):
    """A pipe whose reader ends its thread, not the process, where the other side is gone."""

    def _read(self, size):
        parts = b""
        while len(parts) < size:
            part = os.read(self.incoming, size - len(parts))
            if not part:
                raise EOFError
            parts += part
        return parts


@pytest.fixture
def pair():
    """Return a peer, and the functions that the other side serves."""
    there, back = os.pipe(), os.pipe()
    served = {}
    other = Peer(Line(there[0], back[1]), served, is_stub)

    def serve():
        with contextlib.suppress(EOFError, OSError):
            other.serve()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Peer(Line(back[0], there[1])), served
    os.close(there[1])
    thread.join(timeout=5)
    for number in (there[0], *back):
        os.close(number)


def test_a_call_returns_what_the_function_returns(pair):
    peer, served = pair
    served["add"] = lambda a, b: a + b
    assert np.array_equal(peer.call("add", [np.arange(3), 1]), [1, 2, 3])


def test_what_is_raised_there_is_raised_here(pair):
    peer, served = pair
    served["fail"] = lambda: 1 / 0
    served["leave"] = lambda: exec("raise SystemExit(3)")
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        peer.call("fail", [])
    with pytest.raises(Exception, match="3") as caught:
        peer.call("leave", [])
    assert type(caught.value).__name__ == "SystemExit" and isinstance(caught.value, Exception)


def test_a_function_is_called_back_and_its_calls_are_counted_here(pair):
    peer, served = pair
    calls = []
    served["total"] = lambda f, n: sum(f(float(k)) for k in range(n))
    assert peer.call("total", [lambda x: calls.append(x) or 2 * x, 4]) == 12
    assert calls == [0, 1, 2, 3]


def test_what_a_function_given_raises_comes_back(pair):
    peer, served = pair

    def enough(x):
        raise RuntimeError("too many products")

    served["apply"] = lambda f: f(1.0)
    with pytest.raises(RuntimeError, match="too many products"):
        peer.call("apply", [enough])


def test_functions_come_and_go(pair):
    peer, served = pair
    served["maker"] = lambda n: lambda x: n * x
    served["apply"] = lambda f, x: f(x)
    triple = peer.call("maker", [3])
    assert isinstance(triple, Remote) and triple(5) == 15
    assert peer.call("apply", [triple, 7]) == 21
    assert not hasattr(triple, "__code__") and callable(triple)


def test_a_changed_argument_is_changed_here(pair):
    peer, served = pair

    def spoil(A, rows):
        A[0] = 9
        rows.append(1)

    served["spoil"] = spoil
    A, rows = np.ones(3), [0]
    peer.call("spoil", [A, rows])
    assert A.tolist() == [9, 1, 1] and rows == [0, 1]


def test_an_unwritten_function_says_so(pair):
    peer, served = pair

    def stub(x): ...

    served["get"] = lambda: stub
    assert peer.call("get", []).is_stub
    served["get"] = lambda: len
    assert not peer.call("get", []).is_stub


@pytest.mark.parametrize("target", ["nothing", 7, -1, None, [1]])
def test_what_was_not_given_cannot_be_called(pair, target):
    with pytest.raises((KeyError, IndexError, TypeError)):
        pair[0].call(target, [])


class Told:
    """A channel on which messages wait."""

    def __init__(self, *messages):
        from homework.wire import HEAD, pack

        self.frames = [pack(message) for message in messages]
        self.head = HEAD

    def send(self, frame):
        pass

    def receive(self):
        frame = self.frames.pop(0)
        size, _ = self.head.unpack(frame[:self.head.size])
        return frame[self.head.size:self.head.size + size], frame[self.head.size + size:]


@pytest.mark.parametrize("message", [{}, 3, {"other": 1}, [1]])
def test_an_answer_that_is_none_is_refused(message):
    with pytest.raises(WireError):
        Peer(Told(message)).call("f", [])


def test_forged_changes_and_errors_do_no_harm():
    A = np.ones(2)
    changes = {0: "text", 1: np.ones(3)}
    assert Peer(Told({"value": 1, "changed": changes})).call("f", [A, A]) == 1
    assert A.tolist() == [1, 1]
    for name in ("KeyboardInterrupt", "GeneratorExit", "x y", "UnicodeDecodeError", 7):
        assert isinstance(error_of(name, "text"), Exception)


def test_limits_are_read_from_arguments():
    assert limits_of(["RLIMIT_CPU=60"]) == {"RLIMIT_CPU": 60}
