"""What must hold before any library is loaded: nothing is reported to anybody, no socket opens, no thread spins."""

import importlib.abc
import os
import sys


class _NotForPydicom(importlib.abc.MetaPathFinder):
    """Keeps pydicom from loading requests, which it does only for its own test files.

    With requests comes urllib3, which opens a socket at once to see whether there is IPv6: here a socket opens only
    when an archive is used. It also saves a tenth of a second at every start.
    """

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Find nothing; hide requests from that one module."""
        frame = sys._getframe(1) if fullname == "requests" else None
        while frame is not None:
            if frame.f_globals.get("__name__") == "pydicom.data.download":
                raise ModuleNotFoundError(name=fullname)
            frame = frame.f_back


def be_quiet() -> None:
    """Set what libraries ask for when they are loaded; once, before all of them."""
    # ONNX Runtime 1.31 keeps a device id in the cache and reports to its maker, unless this is set before it is loaded.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # NumPy's threads keep spinning for a while after a product of matrices (reduce_film) and take the cores from the
    # network that runs next: 69 ms a film instead of 44 on two cores. Before NumPy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.meta_path.insert(0, _NotForPydicom())
