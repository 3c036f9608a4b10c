"""The alarm inside a worker: it ends by itself what nobody watches any more."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from bone_age_gui.core.workers import limits

SCRIPT = """
import time
from bone_age_gui.core.workers.limits import Alarm, WorkerLimits
with Alarm(WorkerLimits(seconds={seconds})):
    time.sleep({work})
time.sleep(0.3)
print("done")
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarm")
@pytest.mark.parametrize(("seconds", "work", "ends"), [(-4.9, 30, True), (-4.9, 0, False)])
def test_a_task_that_takes_far_too_long_ends_its_process_and_a_done_one_does_not(
    seconds: float, work: float, ends: bool
) -> None:
    """The alarm rings five seconds after the limit: one that was over before it began saves that wait."""
    root = limits.__file__.split("bone_age_gui")[0]
    program = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(seconds=seconds, work=work)], capture_output=True, cwd=root, timeout=60
    )
    assert (program.returncode == -signal.SIGALRM) is ends
    assert (program.stdout.strip() == b"done") is not ends
