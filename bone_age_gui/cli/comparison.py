"""What bone ages and heights are compared with, and when there is a firm flag: options of several commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD, THRESHOLD_RANGE
from bone_age_gui.core.height import FIRST_CHOICE, REFERENCES
from bone_age_gui.core.values.cut_offs import LOWER_RANGE, UPPER_RANGE, CutOffs
from bone_age_gui.core.values.digits import plain_digits
from bone_age_gui.wording.command_line import not_a_percentage, not_in_sd
from bone_age_gui.wording.language import tr

if TYPE_CHECKING:
    from bone_age_gui.core.growth import GrowthReference

_DEFAULT = CutOffs()


def add_height_reference(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the tables for heights."""
    parser.add_argument(
        "--height-reference",
        choices=tuple(REFERENCES),
        default=FIRST_CHOICE,
        help=tr("what the height's SD score is counted in (default: {choice})", choice=FIRST_CHOICE),
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the reference of bone ages, the limit and the cut-offs of the flag, and whether the sex must be known."""
    parser.add_argument(
        "--reference", type=Path, metavar="FILE",
        help=tr(
            "mean and SD of bone ages in the layout of resources/growth/brush_foundation.json (default: that file)"
        ),
    )  # fmt: skip
    parser.add_argument(
        "--firm-below", type=_percent(LOWER_RANGE), default=_DEFAULT.normal_below, metavar="PERCENT",
        help=tr(
            "normal, not borderline, below this probability of lying beyond the limit (default: {percent:.0f} %%)",
            percent=100 * _DEFAULT.normal_below,
        ),
    )  # fmt: skip
    parser.add_argument(
        "--firm-above", type=_percent(UPPER_RANGE), default=_DEFAULT.beyond_above, metavar="PERCENT",
        help=tr(
            "advanced or delayed, not borderline, above this probability (default: {percent:.0f} %%)",
            percent=100 * _DEFAULT.beyond_above,
        ),
    )  # fmt: skip
    low, high = THRESHOLD_RANGE
    parser.add_argument(
        "--threshold-sd", type=_limit, default=DEFAULT_THRESHOLD_SD, metavar="N",
        help=tr(
            "advanced or delayed beyond so many SD, {low:g} to {high:g} (default: {usual:g})",
            low=low, high=high, usual=DEFAULT_THRESHOLD_SD,
        ),
    )  # fmt: skip
    parser.add_argument(
        "--demand-sex", action="store_true", help=tr("refuse films of which the sex is not known")
    )  # fmt: skip


def reference_of(options: argparse.Namespace) -> GrowthReference:
    """The reference that was asked for. Raises ``BoneAgeError``: ``growth_missing`` or ``growth_broken``."""
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference

    cut_offs = CutOffs(options.firm_below, options.firm_above)
    return GrowthReference.load_all(paths.growth_dir(), options.height_reference, options.reference, cut_offs)


def _percent(limits: tuple[float, float]) -> Callable[[str], float]:
    """A converter of percent to a probability within these limits."""
    low, high = limits

    def convert(text: str) -> float:
        try:
            value = _number(text.removesuffix("%")) / 100
        except ValueError:
            value = -1.0
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(not_a_percentage(text, 100 * low, 100 * high))
        return value

    return convert


def _limit(text: str) -> float:
    """A number of SD within the range that makes sense."""
    low, high = THRESHOLD_RANGE
    try:
        value = _number(text)
    except ValueError:
        value = -1.0
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(not_in_sd(text, low, high))
    return value


def _number(text: str) -> float:
    """A number with a point or a comma, in any digits. ``ValueError`` for anything else."""
    return float(plain_digits(text).replace(",", "."))
