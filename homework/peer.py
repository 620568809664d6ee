"""Call functions on the other side of a pipe, and serve those of this side while waiting.

The grader and the sandbox are peers: each may call what the other has exported. While a call waits
for its result, calls of the other side are carried out, so that an integrand of the grader's can be
evaluated by a student's quadrature, whose calls are counted here.
"""

import builtins
import contextlib

import numpy as np

from homework.plain import plain
from homework.wire import WireError, pack, unpack


class Remote:
    """A function on the other side.

    It has no `__code__`: what watches the code of a function cannot see this one, and a judge
    leaves out such a budget.

    Attributes
    ----------
    is_stub : bool
        Whether the other side says that nothing is written in it.
    """

    def __init__(self, peer, target, name, is_stub=False):
        self._peer, self._target, self.is_stub = peer, target, is_stub
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args):
        return self._peer.call(self._target, args)

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return f"<function {self.__name__}>"


class Peer:
    """One side of a conversation.

    Parameters
    ----------
    channel : object
        ``send(frame)`` and ``receive() -> (text, data)``; both raise where the other side is gone.
    served : dict of str to callable
        What the other side may call by name.
    is_stub : callable, optional
        Whether a function that is exported is an unwritten one.
    around : callable, optional
        ``around()`` is a context in which exported functions are called.
    """

    def __init__(self, channel, served=None, is_stub=lambda f: False,
                 around=contextlib.nullcontext):
        self.channel, self.is_stub, self.exported = channel, is_stub, []
        self.around = around
        self.served = {} if served is None else served

    def call(self, target, args):
        """Return what a function of the other side returns; raise what it raises.

        Where the other side says that it changed an argument, so is the one of this side.
        """
        self._send({"call": target, "args": list(args)})
        while True:
            message = self._receive()
            if "call" in message:
                self._serve(message)
            elif "raise" in message:
                raise error_of(*message["raise"])
            elif "value" in message:
                for place, value in (message.get("changed") or {}).items():
                    _put(args[place], value)
                return message["value"]
            else:
                raise WireError("an answer came that is none")

    def serve(self):
        """Carry out the calls of the other side until it is gone."""
        while True:
            self._serve(self._receive())

    def _serve(self, message):
        """Carry out one call and send its result."""
        try:
            args = message["args"]
            before = [pack(arg, lambda f: {}) for arg in args]
            with contextlib.nullcontext() if isinstance(message["call"], str) else self.around():
                value = self._function(message["call"])(*args)
            answer = {"value": value, "changed": {
                place: arg for place, arg in enumerate(args)
                if isinstance(arg, np.ndarray | list) and pack(arg, lambda f: {}) != before[place]}}
            frame = pack(answer, self._export)
        except (KeyboardInterrupt, WireError):
            raise
        except BaseException as problem:  # SystemExit too, of whatever was written
            frame = pack({"raise": [type(problem).__name__, _told(problem)]})
        self.channel.send(frame)

    def _function(self, target):
        """Return what a call names: a text, or a number that was given out before."""
        if isinstance(target, str):
            return self.served[target]
        return self.exported[target]

    def _export(self, function):
        """Return what stands for a function, and keep it for the calls that will come."""
        if isinstance(function, Remote) and function._peer is self:
            return {"yours": function._target}
        number = next((n for n, known in enumerate(self.exported) if known is function),
                      len(self.exported))
        if number == len(self.exported):
            self.exported.append(function)
        name = str(getattr(function, "__name__", type(function).__name__))[:40]
        return {"mine": number, "name": name, "stub": bool(self.is_stub(function))}

    def _admit(self, reference):
        """Return the function that a reference of the other side stands for."""
        if "yours" in reference:
            return self._function(reference["yours"])
        number, name = reference["mine"], reference["name"]
        if not isinstance(number, int) or not isinstance(name, str):
            raise WireError("a function came without a number or a name")
        return Remote(self, number, plain(name, 40), reference.get("stub") is True)

    def _send(self, message):
        self.channel.send(pack(message, self._export))

    def _receive(self):
        message = unpack(*self.channel.receive(), self._admit)
        if not isinstance(message, dict):
            raise WireError("a message came that is none")
        return message


def error_of(name, text):
    """Return an exception of that name: the known one, or one of a new class.

    Examples
    --------
    >>> error_of("ValueError", "no root"), type(error_of("SystemExit", "0")).__mro__[1].__name__
    (ValueError('no root'), 'Exception')
    """
    name, text = plain(name, 40), plain(text, 300)
    known = np.linalg.LinAlgError if name == "LinAlgError" else getattr(builtins, name, None)
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            return known(text)
        except TypeError:  # UnicodeDecodeError and its like take more
            pass
    return type(name if name.isidentifier() else "Error", (Exception,), {})(text)


def _told(problem):
    """Return the message of whatever was raised, whose own methods may raise."""
    try:
        return str(problem)[:300]
    except BaseException:
        return "it has no message"


def _put(mine, value):
    """Do to an argument what the other side did to its copy, where the shapes agree."""
    if isinstance(mine, np.ndarray) and isinstance(value, np.ndarray):
        if mine.shape == value.shape and np.can_cast(value.dtype, mine.dtype, "same_kind"):
            mine[...] = value
    elif isinstance(mine, list) and isinstance(value, list):
        mine[:] = value
