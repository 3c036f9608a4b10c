"""Cores: those that this process may use, not those that the machine has."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bone_age_gui.core.machine import physical_cores, usable_cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no process can be held to a core here")
def test_a_process_that_is_held_to_one_core_uses_one() -> None:
    program = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from bone_age_gui.core.machine import physical_cores, usable_cores\n"
        "print(usable_cores(), physical_cores())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["1", "1"]


def test_there_is_always_one() -> None:
    assert 1 <= physical_cores() <= usable_cores()
