"""Is there a CUDA driver and a device? Asked without loading anything else."""

from __future__ import annotations

import ctypes
import sys


def missing_driver() -> str | None:
    """Why no CUDA device can be used, in an administrator's words; ``None`` if a driver has one."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    if sys.platform == "darwin":
        return "CUDA does not exist on macOS"
    try:
        driver = ctypes.CDLL(name)
    except OSError:
        return f"no NVIDIA driver found ({name} cannot be loaded)"
    count = ctypes.c_int(0)
    try:
        status = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    except AttributeError:
        return f"the NVIDIA driver is broken ({name} lacks cuInit)"
    if status:
        return f"the NVIDIA driver does not start (error {status} from {name})"
    if count.value < 1:
        return "the NVIDIA driver sees no device"
    return None
