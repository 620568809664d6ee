"""The memory of a sandbox is weighed whatever it does, and its walls have no door.

Its surroundings hold no secret, what the kernel refuses is refused, and honest code has all it
needs.
"""

import contextlib
import re
import sys
import time
from pathlib import Path

import pytest

from homework import calls, weighing
from homework.limits import Limits
from homework.running import Run
from homework.session import Ended, Session
from homework.weighing import Scale
from tests.homework import small

DRIP = """import os, sys, time
os.write(1, (2**20).to_bytes(4, "big") + bytes(4))
held = bytearray()
while True:
    os.write(1, b" ")
    time.sleep(0.005)
    held += b"x" * 2**20 * (len(held) < 2**28)
"""
LIBC = """import ctypes, os
from homework.calls import MACHINES, number_of
libc, machine = ctypes.CDLL(None, use_errno=True), os.uname().machine
def call(name, *args):
    number = name if isinstance(name, int) else number_of(name, machine)
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""
USER = 0x10000000  # CLONE_NEWUSER
FORBIDDEN = {
    "a file of memory": "import os\nos.memfd_create('x')",
    "a segment": LIBC + "call('shmget', 0, 4096, 0o1666)",
    "a queue": LIBC + "call('msgget', 0, 0o1666)",
    "semaphores of System V": LIBC + "call('semget', 0, 32000, 0o1666)",
    "a file of memory in a child": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', "
                                   "'import os; os.memfd_create(\"x\")'], check=True)",
    "memory that is shared and nameless": "import mmap\nmmap.mmap(-1, 4096)",
    "memory of /dev/zero": "import mmap, os\nmmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
    "the keyring": LIBC + "call('keyctl', 0, -3, 0)",
    "a key": LIBC + "name = ctypes.create_string_buffer(b'user')\n"
                    "call('add_key', *[ctypes.addressof(name)] * 3, 4, -3)",
    "a namespace of users": LIBC + f"call('unshare', {USER})",
    "a namespace of a child": LIBC + f"call(MACHINES[machine][2], {USER} | 17, 0, 0, 0, 0) "
                                     "or os._exit(0)",
    "a namespace of a child, by the newer call": LIBC + "call(435, 0, 0)",
    "an attribute of a file": "import os\nopen('/tmp/own', 'w').close()\n"
                              "os.setxattr('/tmp/own', 'user.x', bytes(60000))",
    "a session of its own": "import os\nos.fork() or os._exit(0)\nos.setsid()",
    "a session of a child": "import subprocess\nsubprocess.run(['true'], start_new_session=True)",
    "children whose time is forgotten": "import signal\n"
                                        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "an action whose address is half nothing": LIBC + "call(MACHINES[machine][5], 17, 1 << 32, "
                                                      "0, 8)",
    "a socket to the machine's host": "import socket\nsocket.socket(socket.AF_VSOCK)",
    "buffers of TCP": "import socket\nsocket.create_server(('127.0.0.1', 0))",
    "buffers of TCP, the newer": "import socket\nsocket.socket(socket.AF_INET6)"}
# Each has to end well.
HONEST = {
    "threads": "from concurrent.futures import ThreadPoolExecutor\n"
               "assert list(ThreadPoolExecutor(4).map(abs, [-1, 2])) == [1, 2]",
    "a pool of processes": "import multiprocessing\nwith multiprocessing.Pool(2) as pool:\n"
                           "    assert pool.map(abs, [-1, 2]) == [1, 2]",
    "values that processes share": "import multiprocessing\nfrom multiprocessing import "
                                   "shared_memory\nmultiprocessing.Value('d', 1.0)\n"
                                   "shared_memory.SharedMemory(create=True, size=99).unlink()",
    "a subprocess": "import subprocess, sys\n"
                    "assert not subprocess.run([sys.executable, '-c', 'print(1)']).returncode",
    "a subprocess, awaited": "import asyncio, sys\nchild = await asyncio.create_subprocess_exec("
                             "sys.executable, '-c', '1')\nassert await child.wait() == 0",
    "shells with children": "import subprocess\nfor shell, code in {'sh': 'echo 1', 'bash': "
                            "'(sleep 0.1; echo 1) & wait'}.items():\n"
                            "    said = subprocess.run([shell, '-c', code + '; echo 3 | cat; (exit "
                            "4)'], capture_output=True)\n"
                            "    assert (said.stdout, said.stderr) == (b'1\\n3\\n', b''), said\n"
                            "    assert said.returncode == 4, said",
    "what is done at the end of a child": "import signal\n"
                                          "assert not signal.getsignal(signal.SIGCHLD)",
    "sockets of its own": "import socket\none, other = socket.socketpair()\nassert one.send(b'x')",
    "a copy of a file with all": "import shutil\nopen('/tmp/one', 'w').close()\n"
                                 "assert shutil.copy2('/tmp/one', '/tmp/two')",
    "a map of a file": "import mmap\nfile = open('/tmp/map', 'w+b')\nfile.write(bytes(99))\n"
                       "file.flush()\nmmap.mmap(file.fileno(), 99)[0] = 1"}


def test_memory_is_weighed_by_the_clock_and_not_in_pauses_alone():
    began = time.monotonic()
    with (Session([sys.executable, "-c", DRIP], Scale(100)) as session,
          pytest.raises(Ended, match="more than 100 MiB")):
        session.call("ready", [], 20)
    assert time.monotonic() - began < 20


@pytest.fixture(scope="module")
def run():
    """Run what is forbidden and what is honest in a sandbox; keep it."""
    small.need_sandbox()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOMEWORK_CANARY", "canary")
        with Run(dict(enumerate([*FORBIDDEN.values(), *HONEST.values()])), "bubblewrap") as made:
            made.ready()
            yield made


def need_filter():
    """Skip where the filter does not know the numbers of this machine's calls."""
    if calls.platform.machine() not in calls.MACHINES:
        pytest.skip(f"the calls of {calls.platform.machine()} are not known to the filter")


@pytest.mark.parametrize("number", range(len(FORBIDDEN)), ids=FORBIDDEN)
def test_no_way_leads_around_the_walls(number, run):
    need_filter()
    last = run.outputs[number][-1]
    assert last["output_type"] == "error"
    assert last["ename"] in ("PermissionError", "CalledProcessError") or (
        last["ename"] == "OSError" and re.search("not implemented|not supported", last["evalue"]))


@pytest.mark.parametrize("number", range(len(HONEST)), ids=HONEST)
def test_honest_code_has_what_it_needs(number, run):
    assert run.outputs[len(FORBIDDEN) + number] == []


def test_every_call_of_the_list_is_refused():
    need_filter()
    small.need_sandbox()
    every = ("from homework.calls import REFUSED\nsaid = []\nfor name in REFUSED:\n"
             "    try:\n        call(name, -1, -1, -1, -1, -1)\n        said.append(name)\n"
             "    except PermissionError:\n        continue\n"
             "    except OSError as problem:\n        said.append(f'{name}: {problem}')")
    with Run({0: LIBC + every}, "bubblewrap") as made:
        assert made.ready().call("get", ["said"]) == []


SPIN = {
    "at once": "import os\nfor k in range(3): os.fork()\nwhile True: pass",
    "by children that are soon gone": """import os, signal, time
try:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
except OSError:
    pass
while True:
    if not os.fork():
        while time.process_time() < 0.1: pass
        os._exit(0)
    try:
        os.wait()
    except ChildProcessError:
        pass
"""}


@pytest.mark.parametrize("way", SPIN)
def test_processes_take_no_more_than_one_processor_for_long(way, monkeypatch):
    small.need_sandbox()
    monkeypatch.setattr(weighing, "FREE", 2)
    monkeypatch.setattr(weighing, "SHARE", 0.02)
    spin = SPIN[way]
    with Run({0: "kept = 1", 1: spin}, "bubblewrap", Limits(cell=60)) as made:
        made.ready()
    assert made.outputs[0] == []
    assert made.outputs[1][-1]["evalue"] == "its processes took more than one processor's time"


BESIDE = {  # what each of two does that alone would be allowed
    "memory": ("kept = bytearray(300 * 2**20)", "more than 500 MiB of memory"),
    "processors": ("end = time.process_time() + 3\nwhile time.process_time() < end: pass",
                   "more than one processor's time"),
    "files": ("for k in range(600): open(f'/tmp/{k}', 'w').close()", "made more than 1000 files")}


@pytest.mark.parametrize("what", BESIDE)
def test_two_sandboxes_are_weighed_together_whichever_is_waited_for(what, monkeypatch):
    small.need_sandbox()
    monkeypatch.setattr(weighing, "FREE", 5)
    monkeypatch.setattr(weighing, "SHARE", 0.02)
    work, words = BESIDE[what]
    lines = work.replace("\n", "\n    ")
    source = (f"import threading, time\ndef takes():\n    global kept\n    {lines}\n"
              "def begin():\n    threading.Thread(target=takes).start()\n"
              "def waits():\n    time.sleep(60)")
    with Run({0: source}, "bubblewrap", Limits(call=60, files=1000)) as made:
        made.scale.memory = 500 * 2**20
        made.answer("begin")()
        with pytest.raises(Ended, match=words):  # at the latest while it waits
            made.afresh("begin")()
            made.afresh("waits")()
        assert not made.is_alive and not made.second.is_alive


GROW = {
    "itself": "def grow():\n    global kept\n    kept = bytearray(300 * 2**20)",
    "a child without its first thread": """import ctypes, os, threading, time
def take():
    global kept
    kept = bytearray(300 * 2**20)
    time.sleep(60)
def grow():
    if not os.fork():
        threading.Thread(target=take).start()
        ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)
"""}


@pytest.mark.parametrize("who", GROW)
def test_a_sandbox_is_weighed_while_nobody_waits(who):
    small.need_sandbox()
    with Run({0: GROW[who]}, "bubblewrap") as made:
        made.scale.memory = 250 * 2**20
        with contextlib.suppress(Ended):
            made.answer("grow")()
        end = time.monotonic() + 30
        while made.is_alive and time.monotonic() < end:
            time.sleep(0.1)
        assert not made.is_alive


FILES = """import os, time
for k in range({number}):
    os.close(os.open(f"{folder}/{{k}}", os.O_CREAT | os.O_WRONLY))
    if not k % 1000:
        time.sleep(0.05)
"""


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm", "/home/student"])
def test_empty_files_are_counted(folder):
    small.need_sandbox()
    cells = {0: FILES.format(number=500, folder=folder),
             1: FILES.format(number=10**6, folder=folder)}
    with Run(cells, "bubblewrap", Limits(files=5000)) as made:
        made.ready()
    assert made.outputs[0] == [] and made.outputs[1][-1]["evalue"] == "made more than 5000 files"


def test_the_first_process_has_nothing_of_the_environment(run):
    said = Path(f"/proc/{run.session.process.pid}/environ").read_bytes()
    assert b"canary" not in said and said.startswith(b"PATH=") and said.count(b"\0") == 1
