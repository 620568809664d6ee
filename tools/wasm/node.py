"""Talk to a Python that runs on WebAssembly in Node."""

import json
import subprocess
import threading
from pathlib import Path

from environment import Trouble
from web.modules import node

HERE = Path(__file__).parent
MODULES = ("cells", "facts")  # what runs over there beside lib
PATIENCE = 1800  # seconds that one answer may take, on a busy machine
# Pictures are drawn inline, as in a notebook.
SETTINGS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "HOME": "/home/pyodide"}


class Python:
    """A Python on WebAssembly, to be closed in the end.

    `call("facts.said", "1 + 1")` returns what a function over there returns; its argument and its
    value are what JSON knows.
    """

    def __init__(self, folder, settings=()):
        self.patience = PATIENCE
        self.process = subprocess.Popen(
            [str(node()), str(HERE / "run.mjs"), str(folder),
             json.dumps({**SETTINGS, **dict(settings)})],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding="utf-8")
        for name in MODULES:
            source = (HERE / f"{name}.py").read_text(encoding="utf-8")
            self.ask({"module": name, "source": source})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End it, and return what it said on its error stream."""
        self.process.kill()
        return "" if self.process.stdout.closed else self.process.communicate()[1].strip()

    def call(self, name, on=None):
        """Return what a function of a module over there returns.

        Raises Trouble if it raises, if Node ends, or if it says nothing for too long.
        """
        return self.ask({"call": name, "on": on})

    def ask(self, request):
        """Send a request; return the value in the reply."""
        timer = threading.Timer(self.patience, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            raise Trouble(f"Node ended, or was silent for {self.patience} s. "
                          f"{self.close()[-2000:]}")
        reply = json.loads(line)
        if "error" in reply:
            raise Trouble(f"Python on WebAssembly raised:\n{reply['error'].strip()[-2000:]}")
        return reply["value"]
