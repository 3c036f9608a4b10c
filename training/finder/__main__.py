"""``python -m training.finder``."""

from __future__ import annotations

from training.finder.command import main

if __name__ == "__main__":
    raise SystemExit(main())
