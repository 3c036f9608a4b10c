"""Names and tips of settings that say more than their label."""

from __future__ import annotations

NORMAL_BELOW = (
    "Normal below this probability",
    "Normal below this probability of lying beyond the limit",
)
BEYOND_ABOVE = (
    "Advanced or delayed above this probability",
    "Advanced or delayed above this probability of lying beyond the limit",
)
