"""Takes from the calling process what no parser needs: sockets, other programs, and signals to other processes.

A seccomp filter in the kernel's own small language, which any user may set on itself, in a container too, and which
nothing can take off again. It is written out here because the libraries for it want a system library besides.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ingest.errors import IsolationUnavailable

_KILL, _REFUSE, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000
"""What the filter may say: end the process, fail with the error number in the low bits, go on."""
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _SAY = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
"""Where the kernel puts the number of the call, the kind of machine, and the low half of the first argument."""
_CLONE_THREAD = 0x0001_0000
_SET_SECCOMP, _FILTER, _NO_NEW_PRIVILEGES = 22, 2, 38
_INSTRUCTION = struct.Struct("<HBBI")


@dataclass(frozen=True, slots=True)
class _Machine:
    """How a kind of machine names itself to the filter, and its numbers of the calls that are taken away."""

    mark: int
    calls: Mapping[str, int]
    clone: int
    clone3: int = 435
    highest: int = 0x4000_0000
    """From here on are the calls of a second set (x32), which would lead around the list."""


_NEWER = {"io_uring_setup": 425, "pidfd_send_signal": 424, "pidfd_open": 434, "pidfd_getfd": 438}
# io_uring opens sockets without the call for it; the pidfd calls and ptrace reach into other processes.
_X86_64 = {"socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50}
_X86_64 |= {"socketpair": 53, "accept4": 288, "sendmmsg": 307, "fork": 57, "vfork": 58, "execve": 59, "execveat": 322}
_X86_64 |= {"kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "ptrace": 101, "unshare": 272}
_X86_64 |= {"process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "userfaultfd": 323, "setns": 308}
_ARM_64 = {"socket": 198, "connect": 203, "accept": 202, "sendto": 206, "sendmsg": 211, "bind": 200, "listen": 201}
_ARM_64 |= {"socketpair": 199, "accept4": 242, "sendmmsg": 269, "execve": 221, "execveat": 281}
_ARM_64 |= {"kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "ptrace": 117, "unshare": 97}
_ARM_64 |= {"process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280, "userfaultfd": 282, "setns": 268}
_MACHINES: Mapping[str, _Machine] = MappingProxyType(
    {
        "x86_64": _Machine(0xC000_003E, MappingProxyType(_X86_64 | _NEWER), clone=56),
        "aarch64": _Machine(0xC000_00B7, MappingProxyType(_ARM_64 | _NEWER), clone=220),
    }
)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def give_up_network(*, may_become_another: bool = False) -> None:
    """From here on, every such call fails with EPERM in this process; threads may still be started.

    `may_become_another` leaves it the call by which it turns into another program, which is held by the same filter.

    To be called before a second thread exists, since the filter holds for the calling thread and those it starts.
    Raises IsolationUnavailable: no Linux, another kind of machine, or a kernel that refuses.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        raise IsolationUnavailable(f"it can on Linux on x86_64 and aarch64, and this is {platform.platform()}")
    _install(_filter(machine, frozenset({"execve"}) if may_become_another else frozenset()))
    _prove()


def _filter(machine: _Machine, left: frozenset[str] = frozenset()) -> bytes:
    refuse = _REFUSE | errno.EPERM
    lines = [(_LOAD, 0, 0, _MACHINE), (_IF_EQUAL, 1, 0, machine.mark), (_SAY, 0, 0, _KILL)]
    lines += [(_LOAD, 0, 0, _NUMBER), (_IF_AT_LEAST, 0, 1, machine.highest), (_SAY, 0, 0, refuse)]
    for number in sorted(number for name, number in machine.calls.items() if name not in left):
        lines += [(_IF_EQUAL, 0, 1, number), (_SAY, 0, 0, refuse)]
    # The filter cannot look into what clone3 points at; told that there is none, the C library uses clone instead.
    lines += [(_IF_EQUAL, 0, 1, machine.clone3), (_SAY, 0, 0, _REFUSE | errno.ENOSYS)]
    lines += [(_IF_EQUAL, 0, 3, machine.clone), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    lines += [(_IF_ANY_BIT, 1, 0, _CLONE_THREAD), (_SAY, 0, 0, refuse), (_SAY, 0, 0, _ALLOW)]
    return b"".join(_INSTRUCTION.pack(*line) for line in lines)


def _install(program: bytes) -> None:
    # use_errno: the interpreter may have changed the thread's own number before it is looked at
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    kept = ctypes.create_string_buffer(program, len(program))
    described = _Program(len(program) // _INSTRUCTION.size, ctypes.addressof(kept))
    zero = ctypes.c_ulong(0)
    for option, value, more in (
        (_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), zero),
        (_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(described)),
    ):
        if prctl(option, value, more, zero, zero) != 0:
            reason = os.strerror(ctypes.get_errno())
            raise IsolationUnavailable(f"the kernel refuses: {reason}")


def _prove() -> None:
    """What was set must hold: some sandboxes accept a filter and do not apply it."""
    try:
        socket.socket().close()
    except PermissionError:
        return
    raise IsolationUnavailable("the kernel takes the filter, and opens sockets all the same")
