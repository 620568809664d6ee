"""Let one run of a chapter serve all: a plugin of pytest, in place of nbval's option --nbval.

nbval runs a chapter cell by cell and compares what it shows with what is stored, strictly. In the
same kernel the claims are judged (CONTRIBUTING, "Claims"), and what the cells showed is kept for
the build of the site. So the figures that move come as the site's frames, of which a notebook
stores only the words.
"""

import ast
import time

import nbformat
import nbval.plugin

import book
import chapter
import claims
import cost
import tabled

PATIENCE = 240  # seconds that an answer may take, on a busy machine


def pytest_configure(config):
    """Forget what changed, once, before the workers run."""
    if not hasattr(config, "workerinput"):
        book.evict(chapter.paths())


def pytest_collect_file(file_path, parent):
    """Collect notebooks."""
    if file_path.suffix == ".ipynb":
        return File.from_parent(parent, path=file_path)
    return None


def ask(kernel, expression):
    """Return the value, a literal, of an expression that a kernel evaluates beside the chapter."""
    sent = kernel.kc.execute("", silent=True, store_history=False, allow_stdin=False,
                             user_expressions={"value": expression})
    reply = kernel.get_message("shell", timeout=PATIENCE)
    while reply["parent_header"].get("msg_id") != sent:
        reply = kernel.get_message("shell", timeout=PATIENCE)
    value = reply["content"]["user_expressions"]["value"]
    if value["status"] != "ok":
        raise RuntimeError(f"{expression}: {value['ename']}: {value['evalue']}")
    return ast.literal_eval(value["data"]["text/plain"])


def stored(output):
    """Return an output as a notebook stores it: without the frames and the numbers of figures."""
    data = output.get("data", {})
    left_out = {tabled.CSV}
    if data.get("text/plain", "").startswith("<explore:"):
        left_out.add("text/html")
    if left_out & data.keys():
        kept = {key: data[key] for key in data if key not in left_out}
        return nbformat.from_dict({**output, "data": kept})
    return output


class File(nbval.plugin.IPyNbFile):
    """A chapter that runs: what its cells showed, and the names set to numbers written out."""

    def setup(self):
        """Start the kernel."""
        super().setup()
        self.shown, self.written, self.began = {}, set(), time.monotonic()
        self.chapter = chapter.from_notebook(self.path.stem, self.nb)
        self.last = [cell.id for cell in self.chapter.cells if cell.kind == "code"][-1]
        for expression in ("get_ipython().extension_manager.load_extension('witness')",
                           "get_ipython().extension_manager.load_extension('cost')",
                           "get_ipython().extension_manager.load_extension('tabled')",
                           "get_ipython().push({'sum': __import__('claims').strict_sum})"):
            ask(self.kernel, expression)

    def collect(self):
        """Yield the cells that nbval would run."""
        for cell in super().collect():
            yield Cell.from_parent(self, name=cell.cell.id, cell_num=cell.cell_num, cell=cell.cell,
                                   options=cell.options)

    def judged(self, cell_id):
        """Return what is wrong with a cell that ran: a claim without teeth, a chapter too dear."""
        found = claims.judged(self.chapter.by_id[cell_id], self.written, self.toothless)
        if cell_id == self.last:
            self.cost = ask(self.kernel, "__import__('cost').account.told()")
            found += cost.over(self.cost)
        return found

    def toothless(self, source, written):
        """Return the asserts of a claim that no wrong value makes fail."""
        return ask(self.kernel, f"__import__('claims').toothless({source!r}, "
                                f"get_ipython().user_ns, {written!r})")

    def teardown(self):
        """Keep what the cells showed, if all of them ran and showed what is stored."""
        super().teardown()
        cells = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        if len(self.shown) < len(cells):
            return
        for number, cell in enumerate(cells):
            cell.outputs = [nbformat.from_dict(output) for output in self.shown[number]]
            cell.execution_count = number + 1
        self.nb.metadata.language_info = {"name": "python", "pygments_lexer": "ipython3"}
        book.keep(self.path, self.nb, time.monotonic() - self.began, self.cost)


class Cell(nbval.plugin.IPyNbCell):
    """A cell that is run, compared, judged and kept."""

    def runtest(self):
        """Run and compare the cell as nbval does; then judge what it claims."""
        super().runtest()
        found = self.parent.judged(self.cell.id)
        if found:
            self.raise_cell_error("\n".join(found))
        self.parent.shown[self.cell_num] = self.test_outputs

    def raise_cell_error(self, message, *details):
        """Raise nbval's error, which counts the cells; name this one."""
        message = message.removeprefix(f"{self.cell.id}: ")
        super().raise_cell_error(f"{self.cell.id}: {message}", *details)

    def compare_outputs(self, test, ref, skip_compare=None):
        """Compare as nbval does, without the frames of figures that move."""
        return super().compare_outputs([stored(output) for output in test], ref, skip_compare)

