"""Limits of doubt on a card: each has bounds, and the ends of growth belong together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.certainty_card import GrowthEnds
from bone_age_gui.core.model.quality_card import Legibility, LegibilityLimits, Typical
from bone_age_gui.core.stages.joint_crop import JointCropSpec
from bone_age_gui.core.values.errors import BoneAgeError
from bundles import RULES, write_bundle
from refused import message_of


def full_card(folder: Path) -> Any:
    """Plain values of a card with every part that has limits."""
    typical, limits = Typical(2.4, 0.2), LegibilityLimits(0.1, 0.5, 1.5, 0.1, 16.0, 90.0, 4.0)
    write_bundle(folder, quality=RULES, joint_crop=JointCropSpec(1.8, 0.3, 0.4, 1.4, 50.0),
                 legibility=Legibility(limits, limits, typical, typical, typical, "made up"),
                 growth_ends=GrowthEnds({"F": 24.0, "M": 24.0}, {"F": 187.0, "M": 204.0}, "made up"))  # fmt: skip
    return json.loads((folder / "card.json").read_text(encoding="utf-8"))


def numbers_of(values: Any, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from numbers_of(value, (*way, name))
        elif isinstance(value, float | int):
            yield (*way, name)


def test_every_limit_of_doubt_has_bounds_and_is_refused_beyond_them_with_its_field(tmp_path: Path) -> None:
    whole = full_card(tmp_path)
    parts = ("quality", "joint_crop", "legibility", "growth_ends")
    ways = [way for part in parts for way in numbers_of(whole[part], (part,))]
    assert len(ways) > 25
    for way in ways:
        for number in (-1e6, 1e300, 10**400):
            values = json.loads(json.dumps(whole))
            group = values
            for name in way[:-1]:
                group = group[name]
            group[way[-1]] = number
            with pytest.raises(BoneAgeError) as refusal:
                Card.from_dict(values)
            assert f"card.{'.'.join(way)}" in message_of(refusal.value)


def test_a_card_of_version_7_doubts_as_it_did_and_refuses_no_film_for_its_legibility(tmp_path: Path) -> None:
    values = full_card(tmp_path)
    legibility = values["legibility"]
    del legibility["refusal"]
    doubt = legibility.pop("doubt")
    later = {"most_blocks", "most_clipped", "least_length"}
    legibility.update({name: doubt[name] for name in doubt if name not in later})
    values["schema_version"] = 7
    upgraded = Card.from_dict(values).legibility
    assert upgraded is not None
    assert upgraded.refusal is None
    assert upgraded.doubt == LegibilityLimits(0.1, 0.5, None, None, 16.0, None, 4.0)
    for wrong in ({"most_roughness": "much"}, {"most_blocks": 2.0}, {"refusal": {}}):
        with pytest.raises(BoneAgeError) as refusal:
            Card.from_dict({**values, "legibility": {**legibility, **wrong}})
        assert refusal.value.code == "bad_card"


@pytest.mark.parametrize("ends", [({"F": 24.0}, {"F": 187.0, "M": 204.0}), ({"F": 24.0, "M": 24.0}, {}),
                                  ({"F": 24.0, "M": 210.0}, {"F": 187.0, "M": 204.0})])  # fmt: skip
def test_ends_that_are_not_there_or_cross_are_refused(tmp_path: Path, ends: tuple[Any, Any]) -> None:
    write_bundle(tmp_path, growth_ends=GrowthEnds(*ends, "made up"))
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(tmp_path)
    error = refusal.value
    assert (error.code, error.why) == ("bad_card", "ends")
    assert "card.growth_ends" in message_of(error)
