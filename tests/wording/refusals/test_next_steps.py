"""Every refusal says what happened and what to do next, whole in every language."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from bone_age_gui.wording.errors import REFUSALS, refusal_words
from bone_age_gui.wording.language import SHIPPED, speaking
from bone_age_gui.wording.templates import Plural, forms_of

REFUSED = sorted(REFUSALS)
ADVICE = (
    "ask|begin|check|choose|close|copy|correct|delete|end|enter|export|give|insist|install|let|look|make|move|open|"
    "please|put|reinstall|see|send|start|take|try|update|use|wait|write"
)
NEXT_STEP = re.compile(rf"(?:^|[.;:,] |\n|\bor |\band |\belse )(?:{ADVICE})\b", re.IGNORECASE)
"""What a reader can do: a sentence, or a part of one, that begins with one of these."""
END = re.compile(r"[.!?؟](?=\s|$)")


def example(key: str) -> dict[str, object]:
    """Details that the sentences of a refusal can be filled with."""
    refusal = REFUSALS[key]
    details: dict[str, object] = {}
    for form in forms_of(refusal.message):
        details |= {name: 3 if spec else "film" for _, name, spec, _ in Formatter().parse(form) if name}
    if isinstance(refusal.message, Plural):
        details[refusal.message.by] = 3
    return details


@pytest.mark.parametrize("key", REFUSED)
def test_it_says_what_to_do_next(key: str) -> None:
    for form in forms_of(REFUSALS[key].message):
        assert NEXT_STEP.search(form), form
        assert not NEXT_STEP.match(REFUSALS[key].title), "the title says what happened"


@pytest.mark.parametrize("language", SHIPPED)
def test_no_language_leaves_a_sentence_out(language: str) -> None:
    for key in REFUSED:
        code, _, why = key.partition(" ")
        if REFUSALS[key].prepared is not dict:  # made of words that another part brings
            continue
        details = example(key)
        english = refusal_words(code, why, details)
        with speaking(language):
            words = refusal_words(code, why, details)
        assert words.title, key
        assert len(END.findall(words.message)) == len(END.findall(english.message)), words.message
        assert "{" not in words.message, key
        if language != "en":
            assert words.message != english.message, key
            assert words.title != english.title, key
