"""What the window says with counts: singular and plural, and only what there is."""

from __future__ import annotations

from bone_age_gui.core.batch.progress import Progress
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.devices import device_sentence
from bone_age_gui.wording.runs import plan_notice, progress_words
from bone_age_gui.wording.window_messages import batch_ended_words, films_opened, reports_written, stopped_words


def test_films_and_folders_are_counted() -> None:
    assert films_opened(1, 0) == "1 film opened."
    assert films_opened(2, 1) == "2 films opened. 1 folder could not be looked into."
    assert films_opened(2, 3) == "2 films opened. 3 folders could not be looked into."


def test_reports_are_counted() -> None:
    assert reports_written(1, "/out") == "1 report was written: /out"
    assert reports_written(2, "/out") == "2 reports were written: /out"


def test_a_run_says_what_came_out_and_how_to_go_on() -> None:
    assert batch_ended_words(estimated=3, refused=1, doubtful=0, duration="5 s", reports=1, folder="/out") == (
        "3 films estimated, 1 refused in 5 s; 1 report written: /out"
    )
    assert batch_ended_words(estimated=3, refused=1, doubtful=2, duration="5 s", reports=2, folder="/out") == (
        "3 films estimated, 1 refused, 2 doubtful in 5 s; 2 reports written: /out"
    )
    assert stopped_words(2, 4) == "Stopped after 2 of 4 films. Press Continue to go on."
    assert "not all reports are written" in stopped_words(4, 4)


def test_what_is_said_before_a_run() -> None:
    assert plan_notice(Fact("closed_folders", {"folders": 1})) == (
        "1 folder below could not be opened; its films are missing."
    )
    assert plan_notice(Fact("unused_lines", {"count": 2, "lines": ("3", "5")})) == (
        "2 lines of the table of patients name no film of the folder (lines 3, 5)."
    )
    assert plan_notice(Fact("many_unused_lines", {"count": 30, "lines": ("3", "5")})).endswith("(lines 3, 5 ...).")


def test_progress_says_only_what_is_known() -> None:
    assert progress_words(Progress(0, 4)) == "0 of 4 films"
    assert progress_words(Progress(4, 4, 1, 2.0, 0.0), " - ") == "4 of 4 films - 1 refused - 2.0 films/s - done"


def test_the_device_is_said_with_the_reason() -> None:
    assert device_sentence("cuda", None) == "The network runs on the GPU (CUDA)."
    assert device_sentence("cpu", Fact("no_device")) == (
        "The network runs on the CPU, because the NVIDIA driver sees no device."
    )
