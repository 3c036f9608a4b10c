"""What a user reads of a refusal, for tests of the rooms that raise it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.errors import error_line, error_words


def message_of(error: BoneAgeError) -> str:
    """Why, and what to do next."""
    return error_words(error).message


@contextmanager
def refused(match: str) -> Iterator[pytest.ExceptionInfo[BoneAgeError]]:
    """A refusal of which title or message holds the pattern."""
    with pytest.raises(BoneAgeError) as caught:
        yield caught
    assert re.search(match, error_line(caught.value))
