"""Say how to start the runner where nothing that a student wrote can do harm.

Bubblewrap on Linux: no network, a root that cannot be written, nothing of the course's folder, a
user of its own, limits. Where there is none, a container with the same runner. Nothing else runs
the code of a student, but for a flag whose name says what it does.
"""

import functools
import os
import platform
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from homework import Trouble
from homework.limits import Limits
from homework.silent import installed, laid, rooms, shown

ROOT = Path(__file__).resolve().parents[1]
INSIDE = ("__init__.py", "plain.py", "wire.py", "peer.py", "calls.py", "lenient.py",
          "capture.py", "hushed.py", "runner.py")
IMAGE = "where-the-digits-go-homework"
HOME = "/home/student"
SETTINGS = {"HOME": HOME, "TMPDIR": "/tmp", "LANG": "C.UTF-8", "PYTHONPATH": "/course",
            "PYTHONDONTWRITEBYTECODE": "1", "MPLCONFIGDIR": f"{HOME}/.matplotlib",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "IPYTHONDIR": f"{HOME}/.ipython", "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
KINDS = ("bubblewrap", "podman", "docker", "unsandboxed")


def command(kind, limits, files=()):
    """Return the command that starts the runner.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    limits : Limits
    files : iterable of path
        Data of the problem set, which lie in the student's folder and cannot be written.
    """
    given = [f"{name}={value}" for name, value in limits.of_process().items()]
    if kind == "bubblewrap":
        alone = as_root()
        if not alone and kernel() < (5, 14):  # counts all that the user runs, outside too
            given = [text for text in given if not text.startswith("RLIMIT_NPROC")]
        user = [f"user={2_000_000_000 + secrets.randbelow(10**8)}"] if alone else []
        return [*bubblewrap(alone, limits, files), python(), "-m", "homework.runner", *given, *user]
    if kind == "unsandboxed":
        return [sys.executable, "-m", "homework.runner",
                *(text for text in given if not text.startswith("RLIMIT_NPROC"))]
    return [*container(kind, limits, files), "python", "-m", "homework.runner", *given]


def surroundings(kind):
    """Return the environment in which a sandbox is started; None is this process's own.

    Bubblewrap's first process keeps it, where a student's code can read it: it holds no secrets.
    """
    if kind == "unsandboxed":  # starts elsewhere, and is to find the runner
        paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])
        return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    return {"PATH": os.environ.get("PATH", os.defpath)} if kind == "bubblewrap" else None


def kernel():
    """Return the version of the kernel as two numbers."""
    return tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])


def python():
    """Return the path of this environment's Python, with no link on the way to its folder."""
    return str(Path(sys.prefix).resolve() / "bin" / Path(sys.executable).name)


def bubblewrap(alone, limits, files=()):
    """Return bubblewrap's part of the command.

    Parameters
    ----------
    alone : bool
        Whether root makes it, without a user namespace; the runner then leaves root. Otherwise a
        user namespace does, in which no other can be made.
    """
    own = ["--cap-drop", "ALL", *(("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID") if alone
                                  else ("--unshare-user", "--uid", "65534", "--gid", "65534",
                                        "--disable-userns"))]
    apart = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
             "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--hostname", "grader",
             "--clearenv"]
    size = ["--perms", "1777", "--size", str(limits.file * 2**21), "--tmpfs"]
    # The packages come after the empty folders: an environment may lie in one of them. What is
    # mapped from /dev/zero is memory that no process holds: in its place lies what nobody opens.
    parts = [*system(), "--proc", "/proc", "--dev", "/dev", "--ro-bind", "/dev/null", "/dev/zero",
             *size, "/dev/shm", *size, "/tmp", *size, HOME, *packages(), *course(),
             *(part for file in shown(files)
               for part in ("--ro-bind", str(file), f"{HOME}/{file.name}")), *fonts(),
             "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME]
    return ["bwrap", *apart, *own, *parts,
            *(part for pair in SETTINGS.items() for part in ("--setenv", *pair))]


def system():
    """Return the binds of what every program needs."""
    binds = ["--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            binds += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            binds += ["--ro-bind", name, name]
    for name in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts"):
        binds += ["--ro-bind-try", name, name]
    return binds


def packages():
    """Return the binds of Python and of the environment's packages, without a `lib` among them."""
    folders = {str(Path(folder).resolve()) for folder in (sys.prefix, sys.base_prefix)}
    hidden = [str(place) for place in installed([*folders, "/usr"])]
    return [*(part for folder in sorted(folders) if folder != "/usr"
              for part in (*way_to(folder), "--ro-bind", folder, folder)),
            *(part for place in hidden for part in ("--ro-bind", str(laid("empty", {})), place))]


def way_to(folder):
    """Return what makes the folders above a folder, which every user may pass."""
    return [part for above in reversed(Path(folder).parents[:-1])
            for part in ("--perms", "0755", "--dir", str(above))]


def course():
    """Return the binds of `lib` and of the runner, and of nothing else of the project."""
    return [*way_to("/course/homework/runner.py"), *(
        part for here, there in places().items() for part in ("--ro-bind", str(here), there))]


def places():
    """Return what lies where: `lib`, over its judges what is silent, and the runner."""
    return {ROOT / "lib": "/course/lib"} | {
        folder: f"/course/lib/grade/{room}" for room, folder in rooms().items()} | {
        ROOT / "homework" / name: f"/course/homework/{name}" for name in INSIDE}


@functools.cache
def fonts():
    """Return the bind of matplotlib's list of fonts, which takes seconds to make."""
    import matplotlib.font_manager

    found = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return ["--perms", "1777", "--dir", f"{HOME}/.matplotlib", *(
        part for path in found
        for part in ("--ro-bind", str(path), f"{HOME}/.matplotlib/{path.name}"))]


def container(kind, limits, files=()):
    """Return the part of podman or docker of the command."""
    mounts = places() | {file.resolve(): f"{HOME}/{file.name}" for file in shown(files)}
    size = f"size={2 * limits.file}m,mode=1777"
    return [kind, "run", "--rm", "--name", f"homework-{secrets.token_hex(8)}", "--interactive",
            "--network", "none", "--read-only", "--ulimit", "nofile=128:128", "--ulimit",
            f"nproc={limits.processes}:{limits.processes}", "--cap-drop", "ALL",
            "--security-opt", "no-new-privileges", "--user", "65534:65534",
            "--memory", f"{limits.memory}m", "--pids-limit", str(limits.processes),
            "--tmpfs", f"/tmp:{size}", "--tmpfs", f"{HOME}:{size}", "--workdir", HOME,
            *(part for here, there in mounts.items()
              for part in ("--volume", f"{here}:{there}:ro")),
            *(part for name, value in SETTINGS.items() for part in ("--env", f"{name}={value}")),
            os.environ.get("HOMEWORK_IMAGE", IMAGE)]


def ending(start):
    """Return the command that ends what a command has started; none where its own end does.

    A container lives on when the program that asked for it is killed.
    """
    if start[0] in ("podman", "docker"):
        return [start[0], "kill", start[start.index("--name") + 1]]
    return []


def works(start):
    """Return whether a command ends well within ten seconds, and what it said."""
    try:
        run = subprocess.run(start, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return False, str(problem)
    return run.returncode == 0, run.stderr.strip()[:500]


@functools.cache
def as_root():
    """Return whether bubblewrap needs no user namespace here."""
    return os.geteuid() == 0 and works([*bubblewrap(True, Limits()), "true"])[0]


@functools.cache
def found():
    """Return the first kind of sandbox that works here, and why none does."""
    why = []
    if not shutil.which("bwrap"):
        why.append("bubblewrap is not installed")
    else:
        fine, said = works([*bubblewrap(as_root(), Limits()), "true"])
        if fine:
            return "bubblewrap", ""
        why.append(f"bubblewrap is installed and cannot run: {said}")
    for kind in ("podman", "docker"):
        if shutil.which(kind):
            fine, said = works([kind, "image", "inspect", os.environ.get("HOMEWORK_IMAGE", IMAGE)])
            if fine:
                return kind, ""
            why.append(f"{kind} has no image {IMAGE}")
    return "", "; ".join(why)


def chosen(trusted=False):
    """Return the kind of sandbox to use, or refuse with what to do."""
    if trusted:
        return "unsandboxed"
    kind, why = found()
    if not kind:
        raise Trouble(
            f"There is no sandbox here, and students' code does not run without one: {why}.\n"
            "Linux: sudo apt-get install bubblewrap. Elsewhere: install podman or docker, then\n"
            f"    podman build -t {IMAGE} -f homework/Containerfile .\n"
            "`python -m homework check` says more.")
    return kind
