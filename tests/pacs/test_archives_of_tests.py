"""An archive that a test run has started does not outlive it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HELPERS = Path(__file__).resolve().parents[1] / "helpers"
RUN = "import children, time; print(children.start(['sleep', '60']).pid, flush=True); time.sleep(60)"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_test_run_has_started_ends_with_it(number: signal.Signals) -> None:
    run = subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, env={"PYTHONPATH": str(HELPERS)})
    assert run.stdout is not None
    child = int(run.stdout.readline())
    run.send_signal(number)
    run.wait(30)
    run.stdout.close()
    until = time.monotonic() + 10
    while _runs(child):
        assert time.monotonic() < until, "it outlives the test run"
        time.sleep(0.02)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z" and os.path.exists(f"/proc/{process}")
