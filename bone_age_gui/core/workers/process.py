"""The inside of a worker process: it prints nothing, ignores Ctrl+C, keeps to its limits and ends with its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import cv2

from bone_age_gui.core.reader import codecs, complaints
from bone_age_gui.core.workers.limits import Alarm, WorkerLimits, bound_memory, keep_freed_memory, too_much_memory


def serve(connection: Connection, work: Callable[[Any], Any], limits: WorkerLimits, is_alone: bool) -> None:
    """Body of the process: say that it is ready, then answer each request with ``work(request)`` until the end.

    One that is not alone computes on one thread.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    if not is_alone:
        cv2.setNumThreads(1)
        codecs.use_threads(1)
    _silence()
    with contextlib.suppress(OSError):  # without, the pixels alone say what is damaged
        complaints.listen()
    keep_freed_memory()
    bound_memory(limits)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone
        connection.send(None)
        while True:
            request = connection.recv()
            with Alarm(limits):
                answer = _answer(work, request, limits)
            connection.send(answer)


def _answer(work: Callable[[Any], Any], request: Any, limits: WorkerLimits) -> Any:
    try:
        return work(request)
    except MemoryError:
        return too_much_memory(limits)


def _silence() -> None:
    """Let nothing out: what a decoder says of a broken file may quote the patient."""
    with open(os.devnull, "w") as nowhere, contextlib.suppress(OSError):  # a program without console has none
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  open for as long as the process lives
