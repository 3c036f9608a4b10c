"""The program as its user starts it."""

from __future__ import annotations

from commands import program

__all__ = ["program"]
"""A fixture that is the same for other faces; named here so that pytest sees it."""
