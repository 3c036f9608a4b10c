"""How a watch stands, for people and for monitoring; without anything of a patient."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.watch.ledger import FILE, Ledger


def status(out: Path, outbox: Outbox) -> dict[str, Any]:
    """What ``bone-age watch --status --json`` prints. ``BoneAgeError`` (``no_watch``) where nothing was watched."""
    if not (out / FILE).is_file():
        raise BoneAgeError("no_watch")
    ledger = Ledger(out)
    films: dict[str, int] = {}
    codes: dict[str, int] = {}
    for (outcome, code), number in ledger.counts().items():
        films[outcome or "in_hand"] = films.get(outcome or "in_hand", 0) + number
        if code:
            codes[code] = codes.get(code, 0) + number
    facts = {
        name: {"value": fact.value, "at": datetime.fromtimestamp(fact.at, UTC).isoformat(timespec="seconds")}
        for name, fact in ledger.facts().items()
    }
    return {
        "running": ledger.is_watched(),
        "films": films,
        "codes": codes,
        "outbox": outbox.counts(),
        "facts": facts,
        "free_bytes": shutil.disk_usage(out).free,
    }
