"""A call is stopped where the system can, whatever it catches, and every hook is put back."""

import signal
import sys
import threading
import time
import warnings

import pytest

from lib.grade.certify.limits import Guard, OutOfTime, in_time, watched

needs_alarm = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms here")


def run(guard, call):
    try:
        with guard.around():
            return watched(call)()
    except OutOfTime:
        return "stopped"


def forever():
    while True:
        pass


def stubborn():
    count = 0
    while True:
        try:
            forever()
        except BaseException:
            count += 1


def nested():
    count = 0
    while True:
        try:
            stubborn()
        except BaseException:
            count += 1


def hides():
    try:
        forever()
    except BaseException:
        return "an answer"


@needs_alarm
@pytest.mark.parametrize("call, found", [
    (forever, ["stopped"]), (stubborn, ["stopped"]), (nested, ["stopped"]),
    (hides, ["an answer", "stopped"]),  # stopped, if it takes until the next alarm to answer
    (lambda: 7, [7])], ids=["forever", "stubborn", "nested", "hides", "in time"])
def test_a_call_is_stopped_or_known_to_be_late(call, found):
    before = signal.getsignal(signal.SIGALRM)
    guard, start = Guard(0.05, 10.0), time.monotonic()
    assert run(guard, call) in found and guard.limited
    assert guard.late == (found != [7])
    assert time.monotonic() - start < 5
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@needs_alarm
def test_each_call_has_the_same_limit_until_three_were_stopped():
    guard = Guard(0.1, 10.0)
    for stops in (1, 2, 3):
        assert not guard.spent
        assert run(guard, forever) == "stopped"
        assert (guard.limit, guard.stops) == (0.1, stops)
    assert guard.spent == "left out: 3 calls had no result in time"
    assert run(guard, lambda: 7) == 7 and not guard.late


@needs_alarm
def test_all_calls_share_the_total():
    guard = Guard(1.0, 0.1)
    assert not guard.spent and run(guard, forever) == "stopped" and guard.limit == 0.1
    assert guard.spent == "left out: all calls together have 0.1 s"


@needs_alarm
def test_a_call_in_time_is_returned_and_another_raises():
    assert in_time(lambda: 7, 1.0) == 7
    with pytest.raises(TimeoutError, match=r"no result after 0\.05 s"):
        in_time(forever, 0.05)
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 / 0, 1.0)


def test_warnings_are_kept_each_once():
    guard = Guard(1.0, 10.0)
    for _ in range(3):
        run(guard, lambda: warnings.warn("mind", RuntimeWarning, stacklevel=1))
    assert list(guard.warned) == ["RuntimeWarning: mind"]


def test_elsewhere_there_is_no_limit_and_the_guard_knows():
    guard, found = Guard(0.05, 10.0), []
    thread = threading.Thread(target=lambda: found.append(run(guard, lambda: time.sleep(0.1))))
    thread.start()
    thread.join()
    assert found == [None] and not guard.limited and not guard.late


def test_without_alarms_there_is_no_limit(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    guard = Guard(0.05, 10.0)
    assert run(guard, lambda: 7) == 7 and not guard.limited


def test_what_is_printed_is_kept_and_not_shown(capsys):
    guard = Guard(1.0, 10.0)
    for _ in range(3):
        run(guard, lambda: print("x" * 600))
    assert len(guard.printed) == 1000 and capsys.readouterr().out == ""


def test_an_exception_passes_and_the_hooks_are_put_back():
    guard = Guard(1.0, 10.0)
    with pytest.raises(ZeroDivisionError), guard.around():
        watched(lambda: 1 / 0)()
    assert not guard.late


@needs_alarm
def test_what_runs_after_the_call_is_not_ended():
    guard = Guard(0.05, 10.0)
    with guard.around():
        time.sleep(0.2)
    assert not guard.late and watched(7) == 7


@needs_alarm
def test_an_alarm_inside_a_destructor_is_not_told(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Slow:
        def __del__(self):
            while time.monotonic() < end:
                pass

    end = time.monotonic() + 5
    with pytest.raises(TimeoutError):
        in_time(lambda: [Slow() and None for _ in range(100)], 0.05)
    assert time.monotonic() < end and told == []
    assert sys.unraisablehook == told.append
