"""What every run of pytest shares: a notebook's kernel that does not answer is started again."""

import functools

import nbval.kernel


def twice(start):
    """Return a function that starts a kernel, and once more if the first one does not answer.

    Two kernels that start at one time may be given the same free port, and then one of them never
    answers (jupyter/jupyter_client, issue 487). No cell has run by then.
    """
    @functools.wraps(start)
    def start_or_start_again(*args, **options):
        try:
            return start(*args, **options)
        except RuntimeError:
            return start(*args, **options)

    return start_or_start_again


nbval.kernel.start_new_kernel = twice(nbval.kernel.start_new_kernel)
