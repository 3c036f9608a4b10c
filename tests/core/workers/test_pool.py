"""Worker processes: what they answer, and what they cannot do to the program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.core.workers.pool import WorkerPool
from harmful import algebra_threads


def test_a_worker_computes_on_one_thread_and_the_program_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("VECLIB_MAXIMUM_THREADS", raising=False)
    pool = WorkerPool(algebra_threads, 1, WorkerLimits())
    try:
        while not pool.has_room():
            assert pool.collect(1.0) == []
        pool.give(Path("anything"))
        while not (answers := pool.collect(1.0)):
            pass
    finally:
        pool.close()
    assert answers == [(Path("anything"), "1")]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    assert "VECLIB_MAXIMUM_THREADS" not in os.environ


def test_more_than_the_workers_can_take_is_a_mistake_of_the_caller() -> None:
    pool = WorkerPool(algebra_threads, 1, WorkerLimits())
    try:
        with pytest.raises(RuntimeError, match="no worker waits"):
            pool.give(Path("anything"))
    finally:
        pool.close()
