"""Estimating: one film, all open films, a whole folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.actions import LEFT_HAND, RIGHT_HAND
from bone_age_gui.wording.language import mark


class EstimateActions:
    """Asks the session for estimates; ``open_batches`` shows the window for a folder."""

    def __init__(self, session: Session, open_batches: Callable[[], None]) -> None:
        self._session = session
        self._open_batches = open_batches

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menu."""
        session = self._session
        return (
            Action("estimate", "&Estimate", "Estimate the bone age of this film", self.estimate,
                   ("Ctrl+Return", "Ctrl+Enter"), "estimate", why_not.estimate),
            Action("estimate_all", "Estimate &all open films", "Estimate every film in the list",
                   session.estimates.estimate_all, ("Ctrl+Shift+Return",), "estimate-all", why_not.estimate_all),
            Action("insist", "Estimate an&yway", "Estimate this film although it was refused; it is marked as doubtful",
                   self.insist, (), "", why_not.insist),
            self._hand(HandSide.LEFT, mark("&Left hand"), LEFT_HAND, why_not),
            self._hand(HandSide.RIGHT, mark("&Right hand"), RIGHT_HAND, why_not),
            Action("batch", "Estimate a &folder…", "Estimate a whole folder, with reports", self._open_batches,
                   ("Ctrl+B",), "batch"),
            Action("cancel", "&Cancel the estimates", "Give up the estimates that still wait", session.estimates.cancel,
                   ("Ctrl+.",), "", why_not.running_estimate),
        )  # fmt: skip

    def _hand(self, side: HandSide, text: str, tip: str, why_not: Reasons) -> Action:
        return Action(
            f"hand_{side}", text, tip, partial(self.choose_hand, side), (), "", partial(why_not.hand, side),
        )  # fmt: skip

    def insist(self) -> None:
        """Estimate the shown film whatever it shows."""
        if self._session.current is not None:
            self._session.estimates.insist(self._session.current.number)

    def choose_hand(self, side: HandSide) -> None:
        """Estimate one of two hands on the shown film."""
        if self._session.current is not None:
            self._session.estimates.choose_hand(self._session.current.number, side)

    def estimate(self) -> None:
        """Estimate the shown film."""
        if self._session.current is not None:
            self._session.estimates.estimate(self._session.current.number)
