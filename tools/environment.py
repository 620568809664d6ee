"""Make the environment that book and tests run in: .venv, with the versions of requirements.txt.

Only the standard library is used here. A stamp is written when everything is installed, so an
install that was interrupted, or that is older than requirements.txt, is repaired by the next run.
"""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The tools import each other by their names, those in tools/ and those in tools/author/.
sys.path[1:1] = [str(ROOT / "tools"), str(ROOT / "tools" / "author"), str(ROOT)]
OLDEST, NEWEST = (3, 11), (3, 14)
# One thread: more of them make runs differ, and tests that share a machine slower.
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
            "PYTHONUTF8": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
LIGHT = str(ROOT / "tools" / "light")  # holds what a program is to find before the packages
OFFLINE = ("Temporary failure in name resolution", "Failed to establish a new connection",
           "NameResolutionError", "Connection refused", "Network is unreachable",
           "ProxyError", "ConnectTimeoutError", "getaddrinfo failed", "Max retries exceeded")


class Trouble(Exception):  # noqa: N818  not an error of the program
    """Something that the user can mend; the message says how."""


def say(text):
    """Tell the user what is happening, at once."""
    print(text, flush=True)


def write(path, text):
    """Put a text into a file in one step: beside it first, then in its place.

    Whatever happens in between (a full disk, Ctrl-C, a kill), the file holds either what it held
    before or the whole text. A link stays a link: what it leads to is replaced.
    """
    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def explained(error):
    """Return the Trouble that an OSError means to a user, or the error where that is unknown."""
    place = f": {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"The disk is full{place}. Nothing that was there before is lost. Make room "
                       "and run this again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(f"This may not be written{place}\nIs it another user's (root's, after "
                       "sudo), or the folder read-only? Make it yours (sudo chown -R), or copy the "
                       "course to a folder of your own, then run this again.")
    return error


def python_of(venv):
    """Return the path of a virtual environment's Python."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def inside(venv):
    """Return whether this Python is the virtual environment's own."""
    return Path(sys.prefix).resolve() == Path(venv).resolve()


def other_python():
    """Return the path of a Python that the pinned packages know, or None if this one is."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return None
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and succeeds([found, "-c", "import ensurepip"]):
            return found
    raise Trouble("This is Python {}.{}, and the course needs {}.{} to {}.{}. Install one from "
                  "https://www.python.org/downloads/ (Debian, Ubuntu: apt install python3), then "
                  "run this again.".format(*sys.version_info[:2], *OLDEST, *NEWEST))


def stamp_text(root):
    """Return what the stamp of a complete install says: what it was made from.

    The settings of pytest and ruff stand in pyproject.toml too; they install nothing.
    """
    import tomllib  # An older Python reads this file as well, to be told that it is too old.

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    installed = {key: project.get(key) for key in ("build-system", "project")}
    requirements = (root / "requirements.txt").read_text(encoding="utf-8")
    text = json.dumps([requirements, installed], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest() + "\n"


def is_ready(root, venv):
    """Return whether the environment was installed to the end, from today's requirements."""
    stamp = venv / "complete"
    return (stamp.exists() and python_of(venv).exists()
            and stamp.read_text(encoding="utf-8") == stamp_text(root))


def make_venv(venv):
    """Create the virtual environment, unless one with a working pip is there."""
    python = python_of(venv)
    if python.exists() and succeeds([python, "-m", "pip", "--version"]):
        return
    try:
        import ensurepip  # noqa: F401  Debian keeps it in a package of its own
        import venv as module
    except ImportError:
        raise Trouble("This Python cannot make virtual environments. On Debian and Ubuntu run "
                      "`apt install python3-venv` (with sudo), then run this again.") from None
    say(f"Making the environment {venv.name} ...")
    try:
        module.create(venv, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        if isinstance(error, OSError) and isinstance(explained(error), Trouble):
            raise explained(error) from error
        raise Trouble(f"The environment {venv} could not be made: {error}. Is the disk full, or "
                      "another program using the folder? Remove the folder and run this "
                      "again.") from error


def succeeds(command):
    """Return whether a command runs and ends well."""
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def install(root, venv):
    """Install the pinned packages, then the course's own `lib` in place."""
    pip = [str(python_of(venv)), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    say("Installing the packages of requirements.txt (minutes and 1.2 GB the first time) ...")
    pip_run([*pip, "-r", str(root / "requirements.txt")])
    pip_run([*pip, "--no-deps", "--no-build-isolation", "-e", str(root)])


def pip_run(command):
    """Run pip; say what to do if it fails."""
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         errors="replace")
    if run.returncode == 0:
        return
    last = "\n".join("    " + line for line in run.stdout.splitlines()[-8:])
    if any(sign in run.stdout for sign in OFFLINE):
        raise Trouble(f"The packages could not be fetched: no network.\n{last}\nConnect (or set "
                      "https_proxy), then run this again: it goes on where it stopped.")
    if "No space left" in run.stdout:
        raise Trouble(f"The disk is full; the environment needs 1.2 GB.\n{last}")
    raise Trouble(f"pip could not install the packages:\n{last}\nRun this again; if it fails the "
                  f"same way, remove the folder .venv and try once more.")


def call(command):
    """Run a command in the environment, on one BLAS thread; return its exit status."""
    process = subprocess.Popen([str(part) for part in command], env={**os.environ, **SETTINGS})
    # A supervisor ends this program only; the command has to end with it.
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            status = process.wait()
            return status if status >= 0 else 128 - status  # as a shell counts signals
        except KeyboardInterrupt:  # Ctrl-C reaches the command too, which says what it does.
            continue


def prepare(root=ROOT):
    """Return the path of the environment's Python, after making or repairing the environment."""
    venv = root / ".venv"
    if not is_ready(root, venv):
        (venv / "complete").unlink(missing_ok=True)
        make_venv(venv)
        install(root, venv)
        write(venv / "complete", stamp_text(root))
        say("The environment is complete.")
    return python_of(venv)


def tell(kind, error, traceback):
    """Say a trouble, or that Ctrl-C stopped the work, not a traceback; a sys.excepthook."""
    trouble = explained(error) if isinstance(error, OSError) else error
    if isinstance(error, KeyboardInterrupt):
        say("\nStopped.")
    elif isinstance(trouble, Trouble):
        say(f"\n{trouble}")
    else:
        sys.__excepthook__(kind, error, traceback)


def enter_python(program, arguments):
    """Return if this Python will do; else run the program with one that does, and exit.

    From here on a trouble is told in words; the exit status is not 0 then.
    """
    sys.excepthook = tell
    python = other_python()
    if python:
        sys.exit(subprocess.call([python, program, *arguments]))


def enter(program, arguments):
    """Return if this is the environment's Python; else run the program there, exit as it does.

    Either way it runs on one BLAS thread, if nothing has loaded BLAS before.
    """
    enter_python(program, arguments)
    python = prepare()
    found = os.environ.get("PYTHONPATH", "")
    if LIGHT not in found.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [LIGHT, found]))
    if not inside(python.parent.parent):
        sys.exit(call([python, program, *arguments]))
    os.environ.update(SETTINGS)
