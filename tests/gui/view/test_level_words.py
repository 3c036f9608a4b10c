"""What the editor of width and level proposes is what it takes, in every language."""

import pytest

from bone_age_gui.gui.view.level_editor import two_numbers
from bone_age_gui.wording.film_marks import level_words
from bone_age_gui.wording.language import speaking


@pytest.mark.parametrize("language", ["en", "de", "fa"])
@pytest.mark.parametrize("unit", ["", " %"])
def test_proposed_words_are_taken_as_they_stand(language: str, unit: str) -> None:
    with speaking(language):
        assert two_numbers(level_words(45.5, -22.3, unit, is_fine=True)) == (45.5, -22.3)
        assert two_numbers(level_words(4096.0, 2048.0, unit, is_fine=False)) == (4096.0, 2048.0)


@pytest.mark.parametrize("text", ["", "x", "300", "1.2.3 4"])
def test_what_is_not_two_numbers_is_not_taken(text: str) -> None:
    assert two_numbers(text) is None
