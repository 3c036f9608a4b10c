"""One catalogue for all faces: nothing that is shown passes it by, and shipped languages are whole."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bone_age_gui.wording import language
from bone_age_gui.wording.arguments import asked_for, without_language
from bone_age_gui.wording.language import PSEUDO, first_known, in_english, speak, speaking, tr, trn, wanted_by_system
from bone_age_gui.wording.templates import Plural, fill
from bypass import texts_beside_the_catalogue

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bone_age_gui"
FACES = ("gui", "cli", "about", "report", "service/pages.py")

babel = pytest.importorskip("babel", reason="Babel extracts the texts")
sys.path.append(str(ROOT / "resources" / "i18n"))
from babel.messages.catalog import Catalog  # noqa: E402

import catalogue  # noqa: E402


def test_texts_that_are_shown_stand_in_the_catalogue() -> None:
    """Codes of DICOM are English in every language, and so is what the service tells programs."""
    beside = [
        f"{path.relative_to(ROOT)}:{line}: {text!r}"
        for face in FACES
        for path in (sorted((PACKAGE / face).rglob("*.py")) if not face.endswith(".py") else [PACKAGE / face])
        if "dicom" not in path.parts
        for line, text in texts_beside_the_catalogue(path)
    ]
    assert not beside, "\n".join(beside)


def test_sentences_stand_in_wording() -> None:
    """Elsewhere are names of buttons, fields and columns, and the help of options; no sentence, no value in words."""
    beside = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {text!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "wording" not in path.parts
        for call, text in _texts_outside_help(ast.parse(path.read_text(encoding="utf-8")))
        if text.rstrip().endswith((".", "?", "!")) or "{" in text
    ]
    assert not beside, "\n".join(beside)


def _texts_outside_help(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    helps = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg in ("help", "description", "epilog")
        for part in ast.walk(keyword.value)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("tr", "trn", "mark"):
            texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if id(call) not in helps:
                yield from ((call, text) for text in texts)


def test_sentences_of_wording_are_translated_where_they_are_shown() -> None:
    bare = []
    for path in (path for face in ("gui", "cli", "about") for path in sorted((PACKAGE / face).rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            each.asname or each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bone_age_gui.wording")
            for each in node.names
            if str(getattr(importlib.import_module(str(node.module)), each.name, "")).endswith(".")
        }
        translated = {
            id(part)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "tr"
            for part in ast.walk(call)
        }
        loads = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
        shown = (node for node in loads if node.id in names and id(node) not in translated)
        bare += [f"{path.name}:{node.lineno}: {node.id}" for node in shown]
    assert not bare


def test_the_check_sees_a_text_beside_the_catalogue(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'def f(film):\n    """Not a text."""\n    button(tr("Open a film"))\n    button("Close a film")\n'
        '    label(f"Film {film} is read")\n    made.setObjectName("startPage")\n'
    )
    assert list(texts_beside_the_catalogue(module)) == [(4, "Close a film"), (5, "Film  is read")]


def test_shipped_languages_are_whole() -> None:
    """Nothing untranslated, doubtful or no longer used, and the same places in every form."""
    assert not [line for code in catalogue.shipped() for line in catalogue.missing(code)]


def test_the_check_sees_what_a_language_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, has = Catalog(locale="de"), Catalog(locale="de")
    wanted.add("Open {film}"), wanted.add("Close"), wanted.add("Kept"), wanted.add(("{n} film", "{n} films"))
    wanted.add("Doubtful")
    has.add("Open {film}", "{Film} öffnen"), has.add("Close", ""), has.add("Gone", "Fort")
    has.add("Doubtful", "Zweifelhaft", flags=["fuzzy"]), has.add(("{n} film", "{n} films"), ("ein Film", "{n} Filme"))
    path = tmp_path / "de" / "LC_MESSAGES" / "bone_age.po"
    catalogue.write_catalog(has, path)
    monkeypatch.setattr(catalogue, "po_file", lambda _: path)
    monkeypatch.setattr(catalogue, "extracted", lambda: wanted)
    said = sorted(line.removeprefix("de: ").split(":")[0] for line in catalogue.missing("de"))
    assert said == [
        "fuzzy", "no longer used", "not there", "not translated", "other places in 'ein Film'",
        "other places in '{Film} öffnen'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "asked, code",
    [(["fa", "de_AT.UTF-8"], "de"), (["DE"], "de"), (["xx", None, ""], "en"), (["de@euro"], "de"), (["de-CH"], "de")],
)
def test_the_first_language_that_is_offered(asked: list[str], code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "SHIPPED", {"en": "English", "de": "Deutsch"})
    assert first_known(asked) == code


def test_what_the_system_asks_for() -> None:
    assert wanted_by_system({"LANGUAGE": "fa:de", "LANG": "fr_FR.UTF-8"}) == ["fa", "de"]
    assert wanted_by_system({"LC_ALL": "", "LANG": "de_DE.UTF-8"}) == ["de_DE.UTF-8"]
    assert wanted_by_system({})


def test_the_language_before_the_command() -> None:
    assert asked_for(["--language", "de", "estimate", "a.dcm"]) == "de"
    assert asked_for(["estimate", "--language=fa"]) == "fa"
    assert asked_for(["estimate", "--", "--language=fa"]) is None
    assert without_language(["--language", "de", "--language=fa", "estimate", "x"]) == ["estimate", "x"]


def test_one_language_for_the_process_another_for_a_block() -> None:
    assert tr("Close") == "Close"
    try:
        speak(PSEUDO)
        assert tr("Close {film}", film="a.dcm") == "⟦Close a.dcm⟧"
        assert trn("{count} film", "{count} films", 2) == "⟦2 films⟧"
        assert fill(Plural("{n} film", "{n} films", "n"), {"n": 1}) == "⟦1 film⟧"
        assert tr("") == ""
        with in_english():
            assert tr("Close") == "Close"
        assert tr("Close") == "⟦Close⟧"
    finally:
        speak("en")
    with pytest.raises(ValueError, match="no such language"):
        speak("tlh")


def test_a_translation_that_cannot_be_filled_gives_way_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language.PseudoTranslations, "gettext", lambda self, message: "{other}")
    with speaking(PSEUDO):
        assert tr("Close {film}", film="a.dcm") == "Close a.dcm"
    with pytest.raises(KeyError):
        tr("Close {film}", other="")
