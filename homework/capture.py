"""Run the cells of a notebook in IPython's shell, without a kernel, and keep what they show."""

import sys

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from homework.lenient import soften

TEXT, TAIL, OUTPUTS = 20_000, 2_000, 100  # letters of a stream, of them its end; outputs of a cell


class Stream:
    """A text stream that keeps its beginning and its end, however much is written."""

    def __init__(self, name, outputs):
        self.name, self.outputs, self.encoding = name, outputs, "utf-8"

    def write(self, text):
        """Take in some text."""
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") != self.name:
            if len(self.outputs) >= OUTPUTS:
                return len(text)
            last = {"output_type": "stream", "name": self.name, "text": "", "end": [], "lost": 0,
                    "held": 0}
            self.outputs.append(last)
        room = TEXT - TAIL - len(last["text"])
        if room > 0:
            last["text"] += text[:room]
            text = text[room:]
        last["end"].append(text)
        last["held"] += len(text)
        if last["held"] > 100 * TAIL:
            trim(last)
        return len(text)

    def flush(self):
        """Do nothing: what was written is kept."""

    def isatty(self):
        """Return False: nobody watches."""
        return False


def trim(stream):
    """Keep of what came last no more than its end."""
    end = "".join(stream["end"])
    stream["end"], stream["lost"] = [end[-TAIL:]], stream["lost"] + max(len(end) - TAIL, 0)
    stream["held"] = len(stream["end"][0])


def whole(output):
    """Return an output as nbformat has it, with a word on what was left out of a stream."""
    if output["output_type"] != "stream":
        return output
    trim(output)
    gap = f"\n... {output['lost']} letters are left out ...\n" if output["lost"] else ""
    return {"output_type": "stream", "name": output["name"],
            "text": output["text"] + gap + output["end"][0]}


class Capture:
    """A shell and what its cells show.

    Attributes
    ----------
    shell : InteractiveShell
    outputs : list of dict
        Of the cell that runs.
    """

    def __init__(self):
        self.outputs = []
        self.shell = InteractiveShell.instance(colors="nocolor")
        self.shell.history_manager.enabled = False
        self.shell.display_pub = publisher(self)
        self.shell.displayhook = self.shell.display_trap.hook = hook(self)
        self.shell.enable_gui = lambda gui=None: None  # of %matplotlib: figures are shown anyhow
        self.shell._showtraceback = self.note_error
        soften(self.shell)

    def run(self, source):
        """Run a cell; return its outputs, the last of them an error where it failed."""
        self.outputs.clear()
        sys.stdout, sys.stderr = (Stream(name, self.outputs) for name in ("stdout", "stderr"))
        done = self.shell.run_cell(source, store_history=False)
        self.put_last(done.error_before_exec or done.error_in_exec)
        return [whole(output) for output in self.outputs]

    def put_last(self, problem):
        """Put the error that ended a cell after all that was shown; not each is by the shell."""
        if problem is None:
            return
        found = [output for output in self.outputs if output["output_type"] == "error"]
        if not found:
            self.note_error(type(problem), problem, [])
            found = self.outputs[-1:]
        self.outputs[:] = [one for one in self.outputs if one is not found[-1]] + found[-1:]

    def get(self, name):
        """Return what a name stands for after the cells; an Ellipsis where nothing was written."""
        return self.shell.user_ns.get(name, ...)

    def add(self, output):
        """Keep an output."""
        if len(self.outputs) < OUTPUTS:
            self.outputs.append(output)

    def note_error(self, kind, problem, traceback):
        """Keep an error, which the shell would print."""
        try:
            text = str(problem)[:2000]
        except BaseException:
            text = "it has no message"
        del self.outputs[OUTPUTS - 1:]
        self.add({"output_type": "error", "ename": kind.__name__, "evalue": text,
                  "traceback": [str(line)[:2000] for line in traceback[-30:]]})


def plain(data):
    """Return the pictures and texts of a mime bundle that feedback shows."""
    kept = ("text/plain", "text/latex", "image/png", "image/jpeg")
    return {kind: data[kind] if isinstance(data[kind], str) else _base64(data[kind])
            for kind in kept if kind in data}


def _base64(data):
    """Return bytes as text."""
    import base64

    return base64.b64encode(data).decode()


def publisher(capture):
    """Return what `display` calls."""
    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **options):
            capture.add({"output_type": "display_data", "data": plain(data), "metadata": {}})

        def clear_output(self, wait=False):
            capture.outputs.clear()

    return Publisher(shell=capture.shell)


def hook(capture):
    """Return what shows the value of a cell's last line."""
    class Hook(DisplayHook):
        def __call__(self, result=None):
            if result is not None and not self.quiet():
                data, _ = self.compute_format_data(result)
                capture.add({"output_type": "execute_result", "execution_count": None,
                             "data": plain(data), "metadata": {}})

    return Hook(shell=capture.shell)
