"""What must be known of a film before its estimate is trusted: notices, doubts, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Detail
from bone_age_gui.core.values.joints import Finding, HandJoints


@dataclass(frozen=True)
class Notice:
    """Something the reader of a film must know before trusting it.

    ``code`` is a stable token, with ``why`` where it has several sentences; ``details`` are what these name, without
    patient data. ``loud`` ones are shown as a banner and not only in the list. A ``doubt`` says that the estimate may
    be wrong: it stands first everywhere. ``text`` is the sentence itself, in records of versions that kept no details.
    """

    code: str
    why: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict, hash=False)
    loud: bool = False
    doubt: bool = False
    text: str = ""


class HandSide(StrEnum):
    """Which hand of two, as pictured: on the left or on the right of the film as it is shown."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Quality:
    """Whether a film can be read: the hand on it, doubts, or a refusal.

    ``finding`` and ``hand`` are in film pixels; both are ``None`` where nothing looked for a hand.
    """

    finding: Finding | None = None
    hand: HandJoints | None = None
    doubts: tuple[Notice, ...] = ()
    refusal: BoneAgeError | None = None
