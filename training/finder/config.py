"""How the finder's maps are read: written on its card, used from there by the app and from here by training."""

from __future__ import annotations

from bone_age_gui.core.model.finder.card import FinderSpec

SPEC = FinderSpec(
    side=192,
    least_score=0.25,
    peak_reach=2,
    near=0.6,
    near_pixels=1.5,
    reach=0.9,
    close_length=0.56,
    close_middle=0.5,
    worth_a_look=0.1,
    most_looks=2,
    most_hands=3,
)
