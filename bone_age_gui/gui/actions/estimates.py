"""Estimating: one film, all open films, a whole folder."""

from __future__ import annotations

from collections.abc import Callable

from bone_age_gui.gui.actions.action import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.work.film import DOTS
from bone_age_gui.gui.work.session import Session


class EstimateActions:
    """Asks the session for estimates; ``open_batches`` shows the window for a folder."""

    def __init__(self, session: Session, open_batches: Callable[[], None]) -> None:
        self._session = session
        self._open_batches = open_batches

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """In the order of the menu."""
        session = self._session
        return (
            Action("estimate", "&Estimate", "Estimate the bone age of this film", self.estimate,
                   ("Ctrl+Return", "Ctrl+Enter"), "estimate", why_not.estimate),
            Action("estimate_all", "Estimate &all open films", "Estimate every film in the list", session.estimate_all,
                   ("Ctrl+Shift+Return",), "estimate-all", why_not.estimate_all),
            Action("batch", f"Estimate a &folder{DOTS}", "Estimate a whole folder, with reports", self._open_batches,
                   ("Ctrl+B",), "batch"),
            Action("cancel", "&Cancel the estimates", "Give up the estimates that still wait", session.cancel_estimates,
                   ("Ctrl+.",), "", why_not.running_estimate),
        )  # fmt: skip

    def estimate(self) -> None:
        """Estimate the shown film."""
        if self._session.current is not None:
            self._session.estimate(self._session.current.number)
