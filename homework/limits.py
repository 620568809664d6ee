"""What a submission may take of time, memory, files and processes."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """What a submission may take.

    Seconds of waiting, MiB of memory and of a file, processes, files in the temporary folders.
    """

    cell: float = 30
    call: float = 20
    problem: float = 60
    total: float = 240
    memory: int = 2048
    file: int = 32
    processes: int = 32
    files: int = 20_000

    @classmethod
    def of(cls, total, memory):
        """Return the limits for so many seconds in all, and MiB; a call has its share of more.

        Examples
        --------
        >>> Limits.of(600, 2048).call, Limits.of(100, 2048).call
        (50.0, 20)
        """
        if total <= cls.total:
            return cls(total=total, memory=memory)
        share = total / cls.total
        return cls(share * cls.cell, share * cls.call, share * cls.problem, total, memory)

    def of_process(self):
        """Return the limits of a process, by the names of the module resource."""
        return {"RLIMIT_AS": self.memory * 2**20, "RLIMIT_FSIZE": self.file * 2**20,
                "RLIMIT_CPU": int(self.total) + 10, "RLIMIT_NPROC": self.processes,
                "RLIMIT_NOFILE": 128, "RLIMIT_CORE": 0}

    def as_dict(self):
        """Return the limits by name."""
        return asdict(self)
