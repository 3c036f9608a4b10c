"""Processes of a pool end with the program that made them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

PROGRAM = """
import time
from training.run.pool import process_pool

if __name__ == "__main__":
    with process_pool(2, str) as pool:
        waiting = [pool.submit(time.sleep, 300) for _ in range(2)]
        waiting[0].result()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_to_the_program_ends_its_pool(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = subprocess.Popen(
        [sys.executable, str(script)], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip  # a shell's background job ignores SIGINT, and hands that down
    workers = _workers(psutil.Process(program.pid))
    program.send_signal(number)
    program.wait(20)
    _, alive = psutil.wait_procs(workers, timeout=20)
    for process in alive:
        process.kill()
    assert not alive


def _workers(program: psutil.Process) -> list[psutil.Process]:
    """Its two workers once both are at work; the third child of a spawned pool keeps count of its resources."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        children = program.children()
        if sum("spawn_main" in " ".join(child.cmdline()) for child in children) == 2:
            return children
        time.sleep(0.02)
    raise AssertionError("the pool has not begun")
