"""What a code stream says of its own pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StreamHeader:
    """Size, depth, sign and number of channels as the code stream itself states them."""

    rows: int
    columns: int
    precision: int
    components: int
    signed: bool = False
    in_one_pass: bool = True
    """False for a progressive JPEG, whose last pass holds a few details of all pixels."""
