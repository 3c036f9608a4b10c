"""What pydicom and Pillow say of broken tags quotes their values, which may be the patient's: it is said nowhere."""

from __future__ import annotations

import logging
import warnings


def silence_libraries() -> None:
    """Keep it off the terminal and out of every log.

    Filter and level stay: taking them back is not safe beside other threads.
    """
    for module in ("pydicom", "PIL", "bone_age_gui\\.core\\.reader"):
        warnings.filterwarnings("ignore", module=module)
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
