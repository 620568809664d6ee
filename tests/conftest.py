"""What the tests share: one BLAS thread, and torch only where it is installed."""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import pytest  # noqa: E402  the settings above act on what is imported later


def torch_is_required():
    """Return whether a check that torch decides must not be skipped, as in .ci/run."""
    return os.environ.get("REQUIRE_TORCH") == "1"


@pytest.fixture(scope="session")
def torch():
    """Return the module torch on one thread; skip where it is not installed."""
    module = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
    module.set_num_threads(1)
    return module


@pytest.fixture(scope="session")
def browser():
    """Start one browser for all tests that need it."""
    from playwright.sync_api import sync_playwright

    import stages

    path = stages.browser()
    if path is None:
        pytest.fail("no browser: set CHROMIUM to one, or install it with\n"
                    "    sudo apt-get install --yes chromium")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=["--disable-gpu"])
        yield chrome
        chrome.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave what opens a browser to its stage: an open one keeps an event loop running."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def fail_if_skipped_for_torch(report):
    """Turn a skip for want of torch into a failure where torch is required."""
    if torch_is_required() and report.skipped and "torch" in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_TORCH=1, but this was skipped: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    """Judge each test's report."""
    outcome = yield
    fail_if_skipped_for_torch(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report():
    """Judge each module's report: importorskip at its top skips it while it is collected."""
    outcome = yield
    fail_if_skipped_for_torch(outcome.get_result())


WANTING = {
    "torch": "checks against torch did not run: torch is not installed (.ci/run installs it)",
    "sandbox": "checks in a sandbox did not run: NO SUBMISSION WAS GRADED, for none can be made",
    "NOTHING WITH NUMPY": "checks of Python on the pages did not run: NOTHING WITH NUMPY RAN IN A "
                          "BROWSER, for no Pyodide that has it could be had"}


def pytest_terminal_summary(terminalreporter):
    """Say how many checks did not run for want of torch, or of a sandbox."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for name, why in WANTING.items():
        if number := sum(name in reason for reason in skipped):
            terminalreporter.write_line(f"{number} {why}")
