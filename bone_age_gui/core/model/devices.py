"""What this machine has for the network: CUDA in this program, a driver and a device."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

from bone_age_gui.core.values.facts import Fact


def missing_driver() -> Fact | None:
    """Why no CUDA device can be used; ``None`` if a driver has one."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    if sys.platform == "darwin":
        return Fact("macos")
    try:
        driver = ctypes.CDLL(name)
    except OSError:
        return Fact("no_driver", {"library": name})
    count = ctypes.c_int(0)
    try:
        status = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    except AttributeError:
        return Fact("broken_driver", {"library": name})
    if status:
        return Fact("driver_stops", {"status": status, "library": name})
    if count.value < 1:
        return Fact("no_device")
    return None


def missing_provider(runtime: Path) -> Fact | None:
    """Why this program cannot use CUDA whatever the machine has; ``runtime`` is the folder of ``onnxruntime``."""
    provider = "onnxruntime_providers_cuda.dll" if sys.platform == "win32" else "libonnxruntime_providers_cuda.so"
    if (runtime / "capi" / provider).is_file():
        return None
    return Fact("cpu_package")


def driver_cuda() -> tuple[int, int] | None:
    """The newest CUDA that the driver can run, as (major, minor); ``None`` without a driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        number = ctypes.c_int(0)
        status = driver.cuDriverGetVersion(ctypes.byref(number))
    except (OSError, AttributeError):
        return None
    return None if status else (number.value // 1000, number.value % 1000 // 10)
