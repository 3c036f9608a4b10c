"""What this machine has for the network: CUDA in this program, a driver and a device."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


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


def missing_provider(runtime: Path) -> str | None:
    """Why this program cannot use CUDA whatever the machine has; ``runtime`` is the folder of ``onnxruntime``."""
    provider = "onnxruntime_providers_cuda.dll" if sys.platform == "win32" else "libonnxruntime_providers_cuda.so"
    if (runtime / "capi" / provider).is_file():
        return None
    return "this package of the program is made for the CPU (the package bone-age-cuda has CUDA)"


def driver_cuda() -> tuple[int, int] | None:
    """The newest CUDA that the driver can run, as (major, minor); ``None`` without a driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        number = ctypes.c_int(0)
        status = driver.cuDriverGetVersion(ctypes.byref(number))
    except (OSError, AttributeError):
        return None
    return None if status else (number.value // 1000, number.value % 1000 // 10)
