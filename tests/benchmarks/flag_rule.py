"""What the rules of the flag are worth, drawn: the figures of DECISIONS.md. Run by hand, a few seconds:

    python tests/benchmarks/flag_rule.py [--rmse 8.4] [--children 200000] [--seed 1]

Children of 2 to 16 years whose bone ages lie about their chronological ages with the reference's SD, and estimates that
err by a normal deviation of ``--rmse`` months (the model's on *report*, which its spread is taken to be). Compared with
the truth: the limit alone, everything within one spread of it open, and the cut-offs of the program.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bone_age_gui.core.growth import BRUSH, DEFAULT_CUT_OFFS, DEFAULT_THRESHOLD_SD, GrowthReference  # noqa: E402
from bone_age_gui.core.values.flags import probability_beyond  # noqa: E402
from bone_age_gui.core.values.types import Sex  # noqa: E402

GROWTH = ROOT / "resources" / "growth"
FROM, TO = 24.0, 192.0


def main() -> int:
    options = _parse()
    rng = np.random.default_rng(options.seed)
    reference = GrowthReference.load(GROWTH / BRUSH)
    ages = rng.uniform(FROM, TO, options.children)
    male = rng.random(options.children) < 0.5
    sds = np.where(male, _sds(reference, Sex.MALE, ages), _sds(reference, Sex.FEMALE, ages))
    difference = rng.normal(0, sds)
    measured = difference + rng.normal(0, options.rmse, options.children)
    limit = DEFAULT_THRESHOLD_SD * sds
    truth, by_limit = _side(difference, limit), _side(measured, limit)
    print(f"truly beyond {_percent(truth != 0)}")
    print(f"the limit alone: wrong {_percent(by_limit != truth)}")
    firm = np.abs(np.abs(measured) - limit) > options.rmse
    print(f"one spread left open: open {_percent(~firm)}, wrong {_percent(firm & (by_limit != truth))}")
    beyond = np.vectorize(probability_beyond)(measured, limit, options.rmse)
    low, high = DEFAULT_CUT_OFFS.normal_below, DEFAULT_CUT_OFFS.beyond_above
    normal, flagged = beyond < low, beyond > high
    wrong = by_limit != truth
    open_ = ~(normal | flagged)
    print(f"cut-offs: borderline {_percent(open_)}, of these on the wrong side {_percent(wrong[open_])}, "
          f"firmly wrong {_percent(wrong & ~open_)}")  # fmt: skip
    print(f"firm normal {_percent(normal)}, right {_percent((truth == 0)[normal])}; "
          f"firm advanced or delayed {_percent(flagged)}, right {_percent((truth == by_limit)[flagged])}; "
          f"of those truly beyond firmly normal {_percent(normal[truth != 0])}")  # fmt: skip
    return 0


def _sds(reference: GrowthReference, sex: Sex, ages: np.ndarray) -> np.ndarray:
    nodes = np.linspace(FROM, TO, 2000)
    return np.interp(ages, nodes, [reference.sd(sex, float(age)) or math.nan for age in nodes])


def _side(difference: np.ndarray, limit: np.ndarray) -> np.ndarray:
    return np.where(difference > limit, 1, np.where(difference < -limit, -1, 0))


def _percent(chosen: np.ndarray) -> str:
    return f"{100 * float(chosen.mean()):.1f} %"


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the rules of the flag are worth, drawn.")
    parser.add_argument("--rmse", type=float, default=8.4)
    parser.add_argument("--children", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
