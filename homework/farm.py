"""Grade many submissions at a time, on this machine's cores or on a dask cluster.

A submission is a task: plain values go in, plain values come out, and a worker keeps nothing. What
a dead worker had is given to another; a submission that ended its bench, or its worker, twice comes
back with the reason and is not tried again.
"""

import itertools
import logging
import os
from urllib.parse import urlsplit

from homework import Trouble
from homework.bench import asked, close, failure


def results(requests, scheduler=None, workers=None, work=asked):
    """Yield (key, result) for each request as it is done.

    Parameters
    ----------
    requests : dict of str to callable
        Each makes its request when its turn comes, so that a thousand are never held at once.
    scheduler : str, optional
        Address of a dask scheduler whose workers have this project's environment; by default a
        cluster of this machine's own.
    workers : int, optional
        How many at a time on this machine; by default its cores.
    """
    client, cluster = connected(scheduler, workers)
    try:
        suspects = []
        room = 3 * max(sum(client.nthreads().values()), 1)
        for key, result in handed_out(client, requests, work, room):
            if result is None:
                suspects.append(key)
            else:
                yield key, result
        # A dying worker takes with it what waits beside: each suspect is tried once more, alone.
        for name in suspects:
            for key, result in handed_out(client, {name: requests[name]}, work, 1):
                yield key, result or {"ended": "it ended its worker, twice over"}
    finally:
        client.close()
        if cluster:
            cluster.close()
        close()


def handed_out(client, requests, work, room):
    """Yield (key, result) for each request, at most so many at a time; see `outcome`."""
    waiting, known = list(requests.items())[::-1], {}
    while waiting or known:
        while waiting and len(known) < room:
            key, make = waiting.pop()
            known[client.submit(made, work, request_of(make), pure=False)] = key
        for future in done(client, list(known)):
            yield known.pop(future), outcome(future)


def request_of(make):
    """Return a request; or {"ended": why} where it cannot be made, of a broken file say."""
    try:
        return make()
    except Exception as problem:
        return {"ended": failure(problem)}


def made(work, request):
    """Return what a request gives, on a worker."""
    return request if "ended" in request else work(request)


def done(client, futures, patience=60):
    """Return those of the futures that are done, one at least; complain if no worker is left."""
    from distributed import wait

    for turn in itertools.count():
        try:
            return wait(futures, timeout=patience, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            if turn and not client.nthreads():
                raise Trouble("The cluster has no workers any more. Start some; the same command "
                              "then goes on from here.") from None


def outcome(future):
    """Return the result of a task, what happened where it has none, None where its worker died."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return None
    except Exception as problem:
        return {"ended": failure(problem, "its worker")}


def connected(scheduler, workers):
    """Return a client of dask, and the cluster that was made for it or None."""
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.ERROR)
    if not scheduler:
        # Threads do: each has a process of its own for the judges, and one for each submission.
        cluster = LocalCluster(n_workers=1, threads_per_worker=workers or os.cpu_count(),
                               processes=False, protocol="inproc://",
                               dashboard_address="127.0.0.1:0")
        return Client(cluster), cluster
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError, TimeoutError) as problem:
        raise Trouble(f"No dask scheduler answers at {scheduler!r}: {problem}.\nStart one with "
                      "`dask scheduler`, workers with `dask worker ADDRESS`.") from None
    fitting(client)
    return client, None


def private(scheduler):
    """Complain of an address at which a cluster takes code from whoever reaches it.

    Raises
    ------
    Trouble
        Where the address is neither of this machine nor of `tls`.

    Examples
    --------
    >>> private("tls://grader:8786"), private("tcp://127.0.0.1:8786"), private(None)
    (None, None, None)
    """
    kind, _, host = (scheduler or "inproc://").rpartition("://")
    host = urlsplit(f"//{host}").hostname or ""
    if kind not in ("tls", "inproc") and host not in ("localhost", "127.0.0.1", "::1"):
        raise Trouble(
            f"{scheduler!r} is open: whoever reaches a dask scheduler or worker there runs code as "
            "you, and reads submissions and seeds.\nStart both with --tls-ca-file, --tls-cert and "
            "--tls-key, set DASK_DISTRIBUTED__COMM__TLS__… for this command, and give a tls:// "
            "address; or, in a network of yours alone, add --i-trust-this-network.")


def fitting(client):
    """Complain of a cluster that has no workers, or workers that cannot grade."""
    found = client.run(ability)
    if not found:
        client.close()
        raise Trouble("The dask scheduler has no workers: start some with `dask worker ADDRESS` in "
                      "this project's folder and environment.")
    bad = {address: why for address, why in found.items() if why}
    if bad:
        client.close()
        address, why = next(iter(bad.items()))
        raise Trouble(f"{len(bad)} of {len(found)} dask workers cannot grade, such as {address}: "
                      f"{why}")


def ability():
    """Return why this process cannot grade; empty if it can."""
    from homework import sandbox

    kind, why = sandbox.found()
    return "" if kind else f"there is no sandbox: {why}"
