"""Show what the course is made of: the source of its own functions."""

import inspect


class source:  # noqa: N801 - it is called like the function it shows
    """The source of a lib function, displayed as code.

    A chapter that shows a method through `source` keeps no second copy of it; its text is stored
    with the notebook and compared, so that a change in lib is noticed where it is read.

    Parameters
    ----------
    function : function or class
        What to show, whole, with its docstring.

    Raises
    ------
    TypeError
        If its source cannot be had, as for functions written in C.

    Examples
    --------
    >>> source(source.__repr__)
        def __repr__(self):
            return self.text
    """

    def __init__(self, function):
        try:
            self.text = inspect.getsource(function).rstrip()
        except (TypeError, OSError) as error:
            raise TypeError(f"{function!r} has no Python source: give a function of lib") from error

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return f"```python\n{self.text}\n```"
