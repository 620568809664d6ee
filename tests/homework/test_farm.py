"""Submissions are handed out to workers; who ends them is marked so, and nobody else."""

import os

import pytest

from homework import Trouble, bench, farm, grade
from tests.homework import small
from tests.homework.test_loop import make, said


@pytest.fixture
def slow_course(tmp_path):
    """Return a course whose judge sleeps, or dies, as its answer says."""
    small.need_sandbox()
    cells = small.master(["pair"], prose=False, slow=True)
    course = make(tmp_path, cells)
    answers = {"good": "0.5", "hangs": "999.0", "kills": "-1.0", "well": "0.5"}
    for student, answer in answers.items():
        notebook = small.submission({**small.RIGHT, "slow": f"slow = {answer}"}, cells)
        place = course.place("submitted", student, "small")
        place.parent.mkdir(parents=True)
        place.write_bytes(small.bytes_of(notebook))
    return course


def test_who_ends_the_judges_twice_is_marked_so_and_nobody_else(slow_course, capsys, monkeypatch):
    monkeypatch.setattr(bench, "GRACE", -11)  # nine seconds in all
    status, out = said(slow_course, capsys, "grade", "small", "--seconds", "10", "--workers", "2")
    assert status == 1
    assert "2 graded (0 of them with zero), 2 UNGRADED" in out
    assert "Ungraded, which is not zero: hangs, kills" in out
    records = slow_course.records("small")
    assert "its judges ended twice" in records["kills"]["notes"][0]
    assert "exit status 9" in records["kills"]["notes"][0]
    assert "no answer within 9 seconds" in records["hangs"]["notes"][0]
    assert [row["points"] for row in records["well"]["problems"]] == [2, 1]
    status, out = said(slow_course, capsys, "export", "small")
    assert "2 marks" in out and "hangs, kills" in out


def test_tasks_are_handed_out_once_each_and_in_any_number():
    requests = {f"s{k}": (lambda k=k: {"k": k}) for k in range(40)}
    found = dict(farm.results(requests, workers=3, work=lambda request: {"k": request["k"]}))
    assert found == {f"s{k}": {"k": k} for k in range(40)}


def test_a_worker_that_raises_stops_nobody_else():
    def work(request):
        if request["k"] == 3:
            raise MemoryError("too much")
        return {"k": request["k"]}

    found = dict(farm.results({f"s{k}": (lambda k=k: {"k": k}) for k in range(8)}, workers=2,
                              work=work))
    assert found.pop("s3") == {"ended": "its worker failed: MemoryError: too much"}
    assert found == {f"s{k}": {"k": k} for k in range(8) if k != 3}


def dies(request):
    """End this worker at the first call for a submission, or at every one."""
    place = request["folder"] / request["who"]
    if request["who"] == "always" or (request["who"] == "once" and not place.exists()):
        place.write_text("")
        os._exit(1)
    return {"who": request["who"]}


@pytest.mark.filterwarnings("ignore")
def test_what_a_dead_worker_had_is_done_by_another(tmp_path, monkeypatch):
    import dask
    from distributed import LocalCluster

    monkeypatch.setattr(farm, "fitting", lambda client: None)
    names = ["once", "always", "well", "fine"]
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0",
            silence_logs=50) as cluster:
        found = dict(farm.results(
            {name: (lambda name=name: {"who": name, "folder": tmp_path}) for name in names},
            scheduler=cluster.scheduler_address, work=dies))
    assert found.pop("always") == {"ended": "it ended its worker, twice over"}
    assert found == {name: {"who": name} for name in names if name != "always"}


def test_a_cluster_without_workers_is_told(monkeypatch):
    class Nobody:
        def nthreads(self):
            return {}

    def wait(futures, timeout, return_when):
        raise TimeoutError

    monkeypatch.setattr("distributed.wait", wait)
    with pytest.raises(Trouble, match="no workers any more"):
        farm.done(Nobody(), [], 0)


@pytest.mark.parametrize("address", ["tcp://grader:8786", "10.0.0.7:8786", "ucx://10.0.0.7:1",
                                     "tcp://127.0.0.1.example.org:1", "tcp://0.0.0.0:8786"])
def test_a_cluster_that_others_reach_is_refused(address, capsys):
    with pytest.raises(Trouble, match="--i-trust-this-network"):
        farm.private(address)
    with pytest.raises(Trouble, match="is open"):
        grade.main(["svd", "--scheduler", address])


@pytest.mark.parametrize("address", ["tls://10.0.0.7:8786", "tcp://localhost:8786", None,
                                     "tcp://[::1]:8786", "127.0.0.1:8786", "inproc://1.2.3.4/1/2"])
def test_a_cluster_of_ones_own_is_taken(address):
    assert farm.private(address) is None
