"""What can be done, as values: text, keys, icon, tip, the call it makes, and why it cannot be done now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from bone_age_gui.gui.look.icons import icon
from bone_age_gui.wording.actions import tip_of
from bone_age_gui.wording.language import tr


def always() -> None:
    """The rule of what can be done at any time."""


@dataclass(frozen=True)
class Action:
    """One action.

    Attributes
    ----------
    text : str or callable
        In menus, in English: it and ``tip`` are translated here; a callable is asked at every refresh.
    why_not : callable
        Why it cannot be done now, in words for the tip; ``None`` where it can.
    is_on : callable or None
        Whether it is checked; ``None`` for an action that is no switch.
    group : str
        Name of the actions that exclude each other.
    is_offered : callable or None
        Whether it is to be seen at all.
    """

    name: str
    text: str | Callable[[], str]
    tip: str | Callable[[], str]
    call: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    why_not: Callable[[], str | None] = always
    is_on: Callable[[], bool] | None = None
    group: str = ""
    is_offered: Callable[[], bool] | None = None


class Actions:
    """The actions of a window; ``by_name`` holds what Qt shows of them. They are added to ``parent`` for their keys."""

    def __init__(self, parent: QWidget, actions: Iterable[Action]) -> None:
        self._actions = tuple(actions)
        self._groups: dict[str, QActionGroup] = {}
        self.by_name = {action.name: self._make(parent, action) for action in self._actions}
        self.refresh()

    def _make(self, parent: QWidget, action: Action) -> QAction:
        shown = QAction(parent)
        shown.setObjectName(action.name)
        shown.setShortcuts([QKeySequence(keys) for keys in action.keys])
        shown.setCheckable(action.is_on is not None)
        shown.triggered.connect(partial(call_plainly, action.call))
        if action.group:
            self._groups.setdefault(action.group, QActionGroup(parent)).addAction(shown)
        parent.addAction(shown)
        return shown

    def refresh(self) -> None:
        """Ask every rule anew: text, enabled or why not, checked or not, seen or not."""
        for action in self._actions:
            shown = self.by_name[action.name]
            text = tr(action.text) if isinstance(action.text, str) else action.text()
            if shown.text() != text:
                shown.setText(text)
            tip = tr(action.tip) if isinstance(action.tip, str) else action.tip()
            _set_reason(shown, tip, action.why_not())
            if action.is_on is not None:
                shown.setChecked(action.is_on())
            if action.is_offered is not None:
                shown.setVisible(action.is_offered())

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme."""
        for action in self._actions:
            if action.icon:
                self.by_name[action.name].setIcon(icon(action.icon))


def call_plainly(call: Callable[[], object], _checked: bool = False) -> None:
    """Call without the state that ``triggered`` hands over."""
    call()


def _set_reason(shown: QAction, tip: str, reason: str | None) -> None:
    """Enable an action, or disable it and say why in its tip."""
    keys = shown.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    shown.setEnabled(reason is None)
    shown.setToolTip(tip_of(tip, keys, reason))
    shown.setStatusTip("")
