"""The cores of this machine that the program may use."""

from __future__ import annotations

import psutil


def usable_cores() -> int:
    """Logical cores that this process may use, at least 1: fewer than there are in a container or under taskset."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        return max(1, len(process.cpu_affinity()))
    return psutil.cpu_count() or 1


def physical_cores() -> int:
    """Physical cores that this process may use; at least 1."""
    usable = usable_cores()
    return max(1, min(usable, psutil.cpu_count(logical=False) or usable))
