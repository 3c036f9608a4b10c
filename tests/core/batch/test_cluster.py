"""The same batch on a Dask cluster of two worker processes on this machine, one of which is ended midway."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from batches import journal_files, make_films, run_folder
from bone_age_gui.core.batch.run import BatchRow
from bone_age_gui.core.values.errors import BoneAgeError
from bundles import make_bundle
from films import hand_like, write_picture
from refused import refused

ROOT = Path(__file__).resolve().parents[3]
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the package distributed (extra 'cluster') is not installed"
)


@dataclass
class Cluster:
    """A scheduler on the loopback address and its workers."""

    address: str
    workers: list[subprocess.Popen[str]]


def _start(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    helpers = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "helpers")))
    environment = {**os.environ, "PYTHONPATH": helpers, "DASK_TEMPORARY_DIRECTORY": str(folder)}
    command = [sys.executable, "-m", *arguments, "--host", "127.0.0.1"]
    return subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    scheduler = _start("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", folder=tmp_path)
    assert scheduler.stderr is not None
    address = ""
    for line in scheduler.stderr:
        if match := re.search(r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)", line):
            address = match[1]
            break
    options = ("--nthreads", "1", "--no-dashboard")
    workers = [  # with a nanny, as by default: a process that multiprocessing grants no children
        _start("distributed.cli.dask_worker", address, *options, nanny, folder=tmp_path)
        for nanny in ("--no-nanny", "--nanny")
    ]
    yield Cluster(address, workers)
    for process in (*workers, scheduler):
        process.kill()
        process.communicate()


def two_workers(address: str) -> None:
    from distributed import Client

    client = Client(address, set_as_default=False)
    client.wait_for_workers(2, timeout=60)
    client.close()


@needs_dask
@pytest.mark.slow
def test_every_film_is_there_once_although_a_worker_ends(cluster: Cluster, tmp_path: Path) -> None:
    folder = make_films(tmp_path / "films")
    for number in range(14):
        write_picture(folder / f"z{number}.png", hand_like(300, 240, seed=number))
    bundle = make_bundle(tmp_path / "tiny").directory
    two_workers(cluster.address)
    rows: list[BatchRow] = []

    def end_one(row: BatchRow) -> None:
        rows.append(row)
        if len(rows) == 3:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    summary = run_folder(folder, tmp_path / "out", bundle, on_row=end_one, scheduler=cluster.address)
    assert (summary.films, summary.refused, summary.is_complete) == (20, 1, True)
    assert sorted(journal_files(tmp_path / "out")) == sorted(record.file for record in summary.records)
    assert all(row.thumbnail is not None for row in rows if not row.is_refused)
    commands = [child.cmdline() for child in psutil.Process(cluster.workers[1].pid).children(recursive=True)]
    assert sum("--multiprocessing-fork" in command for command in commands) == 2  # the worker, and what reads its films
    here = run_folder(folder, tmp_path / "here", bundle)
    assert [record.bone_age_months for record in summary.records] == [
        pytest.approx(record.bone_age_months, abs=1e-3) if record.bone_age_months is not None else None
        for record in here.records
    ]


@needs_dask
def test_an_address_where_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.core.batch.cluster.CONNECT_SECONDS", 1.0)
    bundle = make_bundle(tmp_path / "tiny").directory
    with pytest.raises(BoneAgeError) as caught:
        run_folder(make_films(tmp_path / "films"), tmp_path / "out", bundle, scheduler="tcp://127.0.0.1:9")
    assert caught.value.code == "no_cluster"


def test_without_the_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    bundle = make_bundle(tmp_path / "tiny").directory
    with refused(match="cluster"):
        run_folder(make_films(tmp_path / "films"), tmp_path / "out", bundle, scheduler="tcp://127.0.0.1:9")
