"""The PDF reports: complete, on the page, and readable whatever the film or the run holds."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.pdf import fonts
from bone_age_gui.report.pdf.case import case_pages, write_case_pdf
from bone_age_gui.report.pdf.lines import wrap
from bone_age_gui.report.pdf.page import Page
from bone_age_gui.report.pdf.run import run_pages, write_run_pdf
from bone_age_gui.report.pdf.run_lists import flagged_pages
from bone_age_gui.wording.language import SHIPPED, speaking
from bone_age_gui.wording.records import refusal_words_of
from bone_age_gui.wording.report import NO_PROOF, PHANTOM
from bone_age_gui.wording.stages import stage_caption

Record = Callable[[Case], CaseRecord]
LONG = "A very long remark about $growth$ & <plates> that goes on and on. " * 30


def words(pages: list[Page]) -> str:
    """All that the pages say, in the order in which it was written."""
    texts = (text.get_text() for page in pages for text in page.figure.findobj(Text))
    return re.sub(r"\s+", " ", " ".join(texts))


def pages_of(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def assert_on_the_page(pages: list[Page]) -> None:
    for page in pages:
        renderer = FigureCanvasAgg(page.figure).get_renderer()
        width, height = page.figure.bbox.width, page.figure.bbox.height
        for text in page.figure.texts:
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0
            assert box.y0 >= 0
            assert box.x1 <= width, text.get_text()
            assert box.y1 <= height


def test_the_report_of_a_film_says_what_is_dictated(
    girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    made = record(girl_case)
    said = words(case_pages(girl_case, made, reference))
    for word in (
        "Method", "left hand", "which learned from these films: none", "female", "2026-11-20", "12 y 9 m",
        "standard deviation",
        "mean bone age", "2 SD about the chronological age give a normal range", "Cleveland", "has no distribution",
        NO_PROOF,
        "Impression", "131.5 months", "the final one, in place of the model's", "Carpals ahead.",
        "tiny 0.1 on CPU", str(made.model_sha256), "9.8.7", "2026-11-21 09:30:00 UTC", DISCLAIMER, "Heat map",
        "Doe, Jane",
    ):  # fmt: skip
        assert word in said
    path = write_case_pdf(girl_case, made, reference, tmp_path / "a.pdf")
    assert path.read_bytes().startswith(b"%PDF-")
    assert pages_of(path) == 2


def test_every_stage_is_a_picture(girl_case: Case, record: Record, reference: GrowthReference) -> None:
    pages = case_pages(girl_case, record(girl_case), reference)
    images = [len(axes.images) for page in pages for axes in page.figure.axes if axes.images]
    assert images == [1, *[1] * len(girl_case.stages), 2]  # the film, the stages, the heat map over the last one
    said = words(pages)
    assert all(stage_caption(stage.fact) in said for stage in girl_case.stages)


@pytest.mark.parametrize("kind", ["long", "bare", "phantom", "plain"])
def test_nothing_is_clipped(
    girl_case: Case, picture_case: Case, record: Record, reference: GrowthReference, tmp_path: Path, kind: str
) -> None:
    case = picture_case if kind in ("bare", "plain") else girl_case
    notices = tuple(Notice(f"n{number}", text=LONG[:600]) for number in range(12))
    changes = {
        "long": {"remark": LONG, "patient_name": "X" * 200, "file": "/f/" + "y" * 200, "notices": notices},
        "bare": {"model_name": None, "flag": None, "interval_low_months": None, "reason": None, "preprocessing": None},
        "phantom": {"is_phantom": True},
        "plain": {},
    }[kind]
    made = replace(record(case), **changes)  # type: ignore[arg-type]
    pages = case_pages(case, made, reference if kind != "bare" else None)
    assert_on_the_page(pages)
    said = words(pages)
    if kind == "long":
        assert len(pages) > 2
        assert said.count("$growth$") >= 30 + len(notices)
    if kind == "phantom":
        assert said.count(PHANTOM) == 2
    write_case_pdf(case, made, reference, tmp_path / "a.pdf")


def test_names_in_any_script_do_not_stop_a_report(
    girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    made = replace(record(girl_case), patient_name="山田^太郎=やまだ^たろう", remark="Ünïcödé $x_1^2$ \\frac{")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a warning would spell the name out in a log
        write_case_pdf(girl_case, made, reference, tmp_path / "a.pdf")


def test_a_film_that_was_not_estimated_has_no_report(
    refused_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="estimated"):
        write_case_pdf(refused_case, record(refused_case), reference, tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


def many(girl: CaseRecord, refused: CaseRecord) -> list[CaseRecord]:
    """A run of 120 films, a third read by a person."""
    records = []
    for number in range(120):
        shift = (number % 41 - 20) * 1.5
        made = replace(
            girl,
            file=f"/films/a rather long name of a film number {number}.dcm",
            bone_age_months=150 + shift,
            difference_months=shift,
            sd_score=shift / 10,
            flag=("normal", "advanced", "delayed", "indeterminate", "no_reference")[number % 5],
            reader_age_months=150 + shift + number % 7 - 3 if number % 3 == 0 else None,
            decided_by=None,
        )
        records.append(replace(refused, file=f"/films/refused {number}.png") if number % 4 == 0 else made)
    return records


def test_the_report_of_a_run_counts_flags_and_refusals(
    girl_case: Case, refused_case: Case, record: Record, tmp_path: Path
) -> None:
    records = many(record(girl_case), record(refused_case))
    pages = run_pages(records)
    assert_on_the_page(pages)
    said = words(pages)
    for word in (
        "Bland-Altman",
        "Limits of agreement",
        "Films to look at",
        "Cleveland",
        "with a probability of 25 to 75 %",
        "under or over 18",
        "Refused files",
        "1.96 SD",
        DISCLAIMER,
    ):
        assert word in said
    assert "refused 0.png" in said
    assert said.count(refusal_words_of(records[0]).title) == 30
    path = write_run_pdf(records, tmp_path / "run.pdf")
    assert pages_of(path) == len(pages)


@pytest.mark.parametrize("language", SHIPPED)
def test_only_names_of_films_are_shortened_in_the_list_of_a_run(
    girl_case: Case, refused_case: Case, record: Record, language: str
) -> None:
    records = [replace(one, borderline=True, at_least=True) for one in many(record(girl_case), record(refused_case))]
    with speaking(language):
        texts = [text.get_text() for page in flagged_pages(records) for text in page.figure.texts]
    cut = [text for text in texts if "…" in text]
    assert cut
    assert {text for text in cut if not text.endswith((".dcm", ".png"))} == set()


def test_without_readers_there_is_no_bland_altman(picture_case: Case, record: Record) -> None:
    assert "Bland-Altman" not in words(run_pages([record(picture_case)]))


def test_an_empty_run_has_a_report(tmp_path: Path) -> None:
    path = write_run_pdf([], tmp_path / "run.pdf")
    assert pages_of(path) == 1


def test_lines_are_no_wider_than_asked() -> None:
    lines = wrap("one two three " + "W" * 300, 40, 9)
    assert len(lines) > 8
    assert "".join(lines).replace(" ", "") == "onetwothree" + "W" * 300


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Wang^XiaoDong=\u738b^\u5c0f\u6771", "Wang, XiaoDong"),
        ("=\u738b^\u5c0f\u6771", None),
        ("Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046", "Yamada, Tarou"),
    ],
)
def test_a_name_is_drawn_in_what_a_font_has_and_never_as_boxes(
    girl_case: Case, record: Record, reference: GrowthReference, name: str, shown: str | None
) -> None:
    said = words(case_pages(girl_case, replace(record(girl_case), patient_name=name), reference))
    assert "\N{WHITE SQUARE}" not in said
    assert (shown or "written in a script without a font") in said or fonts.is_drawable(name)


def test_any_installed_font_serves() -> None:
    """A character that the main font lacks is drawn in another that is there."""
    own = set(get_font(findfont(fonts.FAMILY)).get_charmap())
    others = (code for entry in fontManager.ttflist for code in sorted(get_font(entry.fname).get_charmap()))
    lacking = (chr(code) for code in others if code not in own and chr(code).isprintable())
    char = next(char for char in lacking if fonts.is_drawable(char))
    assert fonts.drawable(f"a{char}") == f"a{char}"
    assert len(fonts.font(f"a{char}", 9).get_family()) == 2
    assert fonts.font("a", 9).get_family() == [fonts.FAMILY]
