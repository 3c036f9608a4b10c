"""Turns numbers that people type in other scripts into those that Python reads."""

from __future__ import annotations

_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"
"""Joiners and marks of direction, which come along with copied text."""
_PLAIN = (
    {0x06F0 + digit: str(digit) for digit in range(10)}  # Persian
    | {0x0660 + digit: str(digit) for digit in range(10)}  # Arabic
    | {0x066B: ".", 0x066C: "", 0x060C: ",", 0x061B: ";", 0x2212: "-"}
    | dict.fromkeys(map(ord, _UNSEEN), "")
)


def plain_digits(text: str) -> str:
    """Persian and Arabic digits, decimal signs and commas as in ``12.5``; marks that nobody sees are taken away."""
    return text.translate(_PLAIN)
