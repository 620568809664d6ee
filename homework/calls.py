"""Forbid a process the calls of the kernel that lead around its limits, or out of its sandbox.

What an honest program does stays open: threads, subprocesses, multiprocessing, files, pairs of
sockets. The kernel refuses the others with EPERM, for good. Nor may a program say what happens at
the end of a child: of children whose signal is ignored the kernel forgets the time they have taken.
"""

import ctypes
import errno
import platform
import struct
import sys

# What is refused and why. Two numbers are x86-64's and ARM64's (asm/unistd.h); one is that of both.
REFUSED = {
    # Memory that is in no process's size. So is what is mapped as shared and nameless: SHARED.
    "memfd_create": (319, 279), "memfd_secret": (447,), "shmget": (29, 194), "shmat": (30, 196),
    "msgget": (68, 186), "semget": (64, 190), "vmsplice": (278, 75),
    # So are the attributes of files.
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463,),
    # The kernel shares time between sessions: one of its own for each process would take all.
    "setsid": (112, 157),
    # Keyrings outlive a sandbox: one submission would leave there what the next one reads.
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # Namespaces of one's own, where a user is root, and mounts, without a limit of their size. So
    # does `clone` by its flags, SPACES.
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428,), "move_mount": (429,),
    "fsopen": (430,), "fsconfig": (431,), "fsmount": (432,), "fspick": (433,),
    "mount_setattr": (442,), "open_tree_attr": (467,),
    # The memory and the files of other processes.
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_getfd": (438,), "process_madvise": (440,), "kcmp": (312, 272),
    # Parts of the kernel where most ways out of a sandbox were found, and which no homework needs.
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425,), "io_uring_enter": (426,), "io_uring_register": (427,),
    # Files by numbers, past the folders that a sandbox shows; what happens to files outside.
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    # What the kernel says of the machine.
    "syslog": (103, 116)}
# Two names, and clone3, clone, socket, mmap, rt_sigaction, of which some uses are refused.
MACHINES = {"x86_64": (0xC000003E, 435, 56, 41, 9, 13),
            "aarch64": (0xC00000B7, 435, 220, 198, 222, 134)}
SPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
# UNIX and NETLINK. VSOCK and its like know no namespace; the buffers of TCP, which leads nowhere
# here, are in no process's size.
FAMILIES = 1, 16
NAMELESS, SHARED = 0x20, 0x01  # MAP_ANONYMOUS; MAP_SHARED, and MAP_SHARED_VALIDATE has it too
CHILD = 17  # SIGCHLD
LOAD, EQUAL, AT_LEAST, ANY, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of linux/filter.h
ALLOW, SAY = 0x7FFF0000, 0x00050000
REFUSE = SAY | errno.EPERM
OTHERS = 0x40000000  # numbers from here on are calls under another name
JOIN = 1  # of keyctl: a keyring of its own
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2


class Program(ctypes.Structure):
    """The kernel's struct sock_fprog."""

    _fields_ = (("number", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def number_of(name, machine):
    """Return the number of a refused call.

    Examples
    --------
    >>> number_of("mount", "x86_64"), number_of("mount", "aarch64"), number_of("fsopen", "aarch64")
    (165, 40, 430)
    """
    return REFUSED[name][-1 if machine == "aarch64" else 0]


def steps(machine):
    """Return the filter as bytes: eight for each step.

    Examples
    --------
    >>> len(steps("x86_64")) % 8
    0
    """
    name, clone3, clone, socket, mmap, sigaction = MACHINES[machine]
    found = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, name), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, 0),
             (AT_LEAST, 0, 1, OTHERS), (RETURN, 0, 0, REFUSE),
             # clone3 has its flags where no filter looks: libc then takes clone.
             *only(clone3, [(RETURN, 0, 0, SAY | errno.ENOSYS)]),
             *only(clone, [argument(0), (ANY, 0, 1, SPACES), (RETURN, 0, 0, REFUSE)]),
             *only(socket, [argument(0), *((EQUAL, len(FAMILIES) - place, 0, family)
                                           for place, family in enumerate(FAMILIES)),
                            (RETURN, 0, 0, SAY | errno.EAFNOSUPPORT)]),
             *only(mmap, [argument(3), (ANY, 0, 2, NAMELESS), (ANY, 0, 1, SHARED),
                          (RETURN, 0, 0, REFUSE)]),
             # Where no new action is given, the old one is asked for alone.
             *only(sigaction, [argument(0), (EQUAL, 0, 5, CHILD), argument(1), (EQUAL, 0, 2, 0),
                               argument(1, upper=True), (EQUAL, 1, 0, 0), (RETURN, 0, 0, REFUSE)])]
    for call in REFUSED:
        found += only(number_of(call, machine), [(RETURN, 0, 0, REFUSE)])
    return b"".join(struct.pack("=HBBI", *step) for step in [*found, (RETURN, 0, 0, ALLOW)])


def argument(number, upper=False):
    """Return the step that loads the lower half of an argument of a call, or the upper one."""
    return LOAD, 0, 0, 16 + 8 * number + 4 * upper


def only(call, steps):
    """Return the steps for one call, which is allowed where they do not return; others pass by."""
    return [(EQUAL, 0, len(steps) + 1, call), *steps, (RETURN, 0, 0, ALLOW)]


def forbid():
    """Forbid the calls to this process and its children; return whether the kernel does so.

    Before, leave the keyring of whoever has started the sandbox for an empty one.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in MACHINES:
        return False
    libc, code = ctypes.CDLL(None), steps(machine)
    libc.syscall(ctypes.c_long(number_of("keyctl", machine)), ctypes.c_long(JOIN), None)
    program = Program(len(code) // 8, code)
    nothing = [ctypes.c_ulong(0)] * 3
    return not libc.prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), *nothing) and not libc.prctl(
        PR_SET_SECCOMP, ctypes.c_ulong(FILTER), ctypes.byref(program), *nothing[:2])
