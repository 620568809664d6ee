"""Say in a sentence what each frame of a figure that moves shows."""

from lib.page.stage import EMPTY


def sentences(say, grid):
    """Return the sentence of each frame, or refuse what is none, or does not follow a control.

    Parameters
    ----------
    say : callable
        ``say(**values)`` returns a text.
    grid : list of dict
        The values of each frame.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError, ValueError
        If say is no function, or returns no text, an empty one, or the same one whatever the value
        of a parameter.

    Examples
    --------
    >>> sentences(lambda k: f"The slope is {k}.", [{"k": 1}, {"k": 2}])
    ['The slope is 1.', 'The slope is 2.']
    """
    if not callable(say):
        raise TypeError(f"say = {say!r} is no function: give one that returns a sentence, as in "
                        "lambda k: f'The slope is {k}.'")
    told = [say(**values) for values in grid]
    for values, text in zip(grid, told, strict=True):
        if not isinstance(text, str):
            raise TypeError(f"say returned {text!r} for {values}: return a sentence")
        if not text.strip():
            raise ValueError(f"say returned an empty text for {values}: say what the frame shows")
    for name in grid[0]:  # Values may be arrays, which have no hash: they are told apart by id.
        if len({id(values[name]) for values in grid}) > 1 and not follows(name, grid, told):
            raise ValueError(f"say returns the same sentence whatever {name} is, as in "
                             f"{told[0]!r}: say what changes in the picture")
    return told


def chosen(said, told):
    """Return the words of a frame: an error that it tells of, else its sentence, else what it says.

    Examples
    --------
    >>> chosen("Nothing finite to draw.", "The pivot is refused."), chosen("Cannot be drawn.", "A.")
    ('The pivot is refused.', 'Cannot be drawn.')
    """
    return told if told and not said.replace(EMPTY, "").strip() else said


def follows(name, grid, told):
    """Return whether the sentence changes anywhere with one parameter, the others held."""
    heard = {}
    for values, text in zip(grid, told, strict=True):
        others = tuple(id(value) for key, value in values.items() if key != name)
        heard.setdefault(others, set()).add(text)
    return any(len(texts) > 1 for texts in heard.values())
