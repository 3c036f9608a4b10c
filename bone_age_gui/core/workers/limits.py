"""How long a worker process may take for one task, and how much memory; what happens past it.

The memory is bounded twice. The system refuses a worker more address space than the limit (RLIMIT_AS, on Linux), so
that an allocation fails inside it; and the program looks how much a worker holds while it waits for it, for systems
that have no such bound or do not enforce it. The time is watched by the program, and by an alarm inside the worker for
the case that the program itself is gone.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
from dataclasses import dataclass

import psutil

from bone_age_gui.core.values.errors import BoneAgeError

SECONDS = 20.0
MEMORY = 1536 * 2**20
_KEPT = 64 * 2**20
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
"""Parameters of mallopt(3)."""
_GRACE_SECONDS = 5.0
"""The worker's own alarm rings so much later than the program would have ended it."""


@dataclass(frozen=True)
class WorkerLimits:
    """For one task: ``seconds`` of time, and ``memory`` in bytes on top of what an idle worker holds."""

    seconds: float = SECONDS
    memory: int = MEMORY


def bound_memory(limits: WorkerLimits) -> None:
    """Let no allocation of this process go past the limit, where the system can; called once, when it is idle."""
    if not sys.platform.startswith("linux"):
        return  # macOS counts hundreds of GB of reserved addresses and Windows has no such bound: watched instead
    import resource

    most = psutil.Process().memory_info().vms + limits.memory
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(OSError, ValueError):  # a lower bound of the system stays
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def keep_freed_memory() -> None:
    """Use the pages of the last film for the next one: 5 million pixels cost 15 to 20 ms of page faults otherwise.

    By glibc's allocator alone. Up to ``_KEPT`` bytes stay with the process.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # another C library
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_M_MMAP_MAX, 0)
        allocator.mallopt(_M_TRIM_THRESHOLD, _KEPT)


class Alarm:
    """Ends this process if a task takes far too long: a worker whose program ended must not compute for ever."""

    def __init__(self, limits: WorkerLimits) -> None:
        self._seconds = limits.seconds + _GRACE_SECONDS

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):  # its signal ends the process, even inside a decoder
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)


def too_slow(limits: WorkerLimits) -> BoneAgeError:
    """The refusal of a film that takes longer than it may."""
    return BoneAgeError("too_slow", seconds=limits.seconds)


def too_much_memory(limits: WorkerLimits) -> BoneAgeError:
    """The refusal of a film that needs more memory than it may."""
    return BoneAgeError("too_much_memory", gigabytes=limits.memory / 2**30)


def worker_ended(tries: int) -> BoneAgeError:
    """The refusal of a film that ended its workers."""
    return BoneAgeError("worker_ended", tries=tries)


def no_workers() -> BoneAgeError:
    """Processes cannot be started, or end before they begin."""
    return BoneAgeError("no_workers")
