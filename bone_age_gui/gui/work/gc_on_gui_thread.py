"""Python's cycle collector, kept on the GUI thread.

It runs in whatever thread happens to allocate. In a worker it would destroy Qt objects that belong to the GUI
thread, which can end the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PERIOD_MS = 1000


class GuiThreadCollector(QObject):
    """Switches the automatic collector off and collects from time to time, until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(PERIOD_MS)

    def stop(self) -> None:
        """Give the automatic collector back, if it was on."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    @staticmethod
    def _look() -> None:
        """Collect the oldest generation that has grown past its threshold."""
        full = [
            generation
            for generation, (number, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if limit and number > limit
        ]
        if full:
            gc.collect(full[-1])
