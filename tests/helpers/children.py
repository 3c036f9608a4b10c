"""Processes that tests start: the system ends them with the test run, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """As ``subprocess.Popen``; to be called by the main thread, whose end is what Linux looks at."""
    return subprocess.Popen(command, preexec_fn=_ends_with(os.getpid()), **options)


def _ends_with(parent: int) -> Callable[[], None] | None:
    """What a child does before it becomes another program; ``None`` where the system knows no such thing."""
    library = _LIBC
    if library is None:
        return None

    def follow() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended meanwhile
            os._exit(1)

    return follow
