"""A pool of processes that never outlives the program that made it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from threading import RLock, Thread

from tqdm import tqdm


@contextmanager
def process_pool(processes: int, begin: Callable[..., object], *words: object) -> Iterator[ProcessPoolExecutor]:
    """Processes that each call ``begin(*words)`` first.

    They end with the block, at once where it is left by an error or Ctrl+C; and with this process, however that ends.
    """
    context = multiprocessing.get_context("spawn")  # a forked process cannot use CUDA
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(processes, context, _begin, (begin, words))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        raise
    finally:
        pool.shutdown()


def _begin(begin: Callable[..., object], words: tuple[object, ...]) -> None:
    tqdm.set_lock(RLock())  # its own is a semaphore, of which an ended process leaves Python to complain
    Thread(target=_end_with_parent, daemon=True).start()
    begin(*words)


def _end_with_parent() -> None:
    """SIGTERM leaves the parent no time to end its processes, and nothing else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
