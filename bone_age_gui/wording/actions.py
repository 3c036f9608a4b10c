"""What the tool tips of actions and buttons say."""

from __future__ import annotations

from bone_age_gui.wording.templates import fill

MORE_TOOLS = "More tools"
TURN_LEFT = "Turn left, for viewing only: the network sees the film as read"
TURN_RIGHT = "Turn right, for viewing only: the network sees the film as read"
MIRROR = "Mirror left and right, for viewing only: the network sees the film as read"
INVERT = "Swap dark and bright, for viewing only: the network sees the film as read"
FINGERS_UP = "Hang films with the fingers up, for viewing only: the network sees the film as read"
LEFT_HAND = "Estimate the left one of two hands, as pictured"
RIGHT_HAND = "Estimate the right one of two hands, as pictured"
_KEYS = "{tip} ({keys})"
_DISABLED = "{tip}\nNot now: {reason}"
_ESTIMATE = "Estimate the bone age of this film ({keys})"
_OPEN = "Open {name}"


def tip_of(tip: str, keys: str, reason: str | None) -> str:
    """What an action does, by which keys, and why it cannot be done now."""
    if keys:
        tip = fill(_KEYS, {"tip": tip, "keys": keys})
    return tip if reason is None else fill(_DISABLED, {"tip": tip, "reason": reason})


def estimate_tip(keys: str) -> str:
    """What the large button does."""
    return fill(_ESTIMATE, {"keys": keys})


def open_words(name: str) -> str:
    """The tip of a button that opens a report."""
    return fill(_OPEN, {"name": name})
