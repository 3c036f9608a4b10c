"""Start of both frozen programs: the window ``BoneAge`` and the command line ``bone-age``.

One script for both, told apart by the name that it was started by; so on Linux the two are one file (see build.py).
"""

import multiprocessing
import sys
from pathlib import PurePath

CONSOLE = "bone-age"


def main() -> int:
    """Start what was called."""
    name = PurePath(sys.argv[0].replace("\\", "/")).name.removesuffix(".exe")
    if name == CONSOLE:
        from bone_age_gui.__main__ import command_line as start
    else:
        from bone_age_gui.__main__ import window as start
    return start()


if __name__ == "__main__":
    multiprocessing.freeze_support()  # must come first: worker processes start here too
    sys.exit(main())
