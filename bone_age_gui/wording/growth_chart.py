"""The title of the growth chart."""

from __future__ import annotations

from bone_age_gui.core.values.types import Sex
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import visible

NO_BAND = "Sex unknown: no reference band"
_NO_LIMIT = {Sex.FEMALE: "Girls", Sex.MALE: "Boys"}
_BANDS = {Sex.FEMALE: "Girls, ±{limit:g} SD ({reference})", Sex.MALE: "Boys, ±{limit:g} SD ({reference})"}


def chart_title(sex: Sex | None, limit: float | None, reference: str) -> str:
    """Whose band it is, by which limit in SD and which reference."""
    if sex is None:
        return tr(NO_BAND)
    if limit is None:
        return tr(_NO_LIMIT[sex])
    return fill(_BANDS[sex], {"limit": limit, "reference": visible(tr(reference))})
