"""What runs here and what to do about it, for an administrator."""

from __future__ import annotations

from bone_age_gui.wording.templates import fill

NOTHING_ON_A_MAC = "Nothing: a Mac computes on its CPU."
INSTALL_DRIVER = (
    "Without an NVIDIA card: nothing, the CPU is right. With one: install NVIDIA's driver (Debian: nvidia-driver from "
    "non-free; Ubuntu: ubuntu-drivers install; Windows: nvidia.com/drivers), restart, then look here again."
)
INSTALL_CUDA = "Install the package bone-age-cuda in place of bone-age (from source: pip install -e '.[cuda]')."
INSTALL_AGAIN = (
    "Install bone-age-cuda again, or from source: pip install -e '.[cuda]'; else send these lines to support."
)
CHOOSE_DEVICE = "Choose the device 'auto' or 'cuda' in the settings."
_NEWER_DRIVER = "Install a newer NVIDIA driver: this one ends at CUDA {ends}, {wanted} is needed."
_MEMORY = "{gigabytes:.1f} GB"
_DRIVER = "supports CUDA up to {version}"
_PACKAGE = "yes, for CUDA {version}"
_BUILT_WITH = "{version}, built with {providers}"
_MODELS = "Models {number}"


def newer_driver_words(ends: str, wanted: str) -> str:
    """What to do where the driver is too old."""
    return fill(_NEWER_DRIVER, {"ends": ends, "wanted": wanted})


def memory_words(gigabytes: float) -> str:
    """``"23.5 GB"``."""
    return fill(_MEMORY, {"gigabytes": gigabytes})


def driver_words(version: str) -> str:
    """What NVIDIA's driver can run."""
    return fill(_DRIVER, {"version": version})


def package_words(version: str) -> str:
    """That this package of the program brings CUDA."""
    return fill(_PACKAGE, {"version": version})


def built_with(version: str, providers: tuple[str, ...]) -> str:
    """``"1.31.1, built with CUDAExecutionProvider, CPUExecutionProvider"``."""
    return fill(_BUILT_WITH, {"version": version, "providers": providers})


def models_name(number: int) -> str:
    """The name of a folder of models, in the order in which they are looked through."""
    return fill(_MODELS, {"number": number})
