"""The command line ``bone-age``: estimate films and describe models, without Qt.

Exit codes: 0 all estimated; 3 some films were refused; 2 wrong usage or set-up; 1 the output could not
be written; 130 stopped by Ctrl+C; 141 the reader of a pipe went away.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui import DISCLAIMER
from bone_age_gui.cli import batch as cli_batch
from bone_age_gui.cli import diagnose as cli_diagnose
from bone_age_gui.cli import options as cli_options
from bone_age_gui.cli import output as cli_output
from bone_age_gui.cli import report as cli_report
from bone_age_gui.core.values.bug import bug_error
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case

if TYPE_CHECKING:
    from bone_age_gui.core.model.bundle import Bundle
    from bone_age_gui.core.model.predictor import Predictor

ALL_DONE = 0
NOT_WRITTEN = 1
SOME_REFUSED = 3
INTERRUPTED = 130
PIPE_CLOSED = 141


Elsewhere = Mapping[str, Callable[[argparse.Namespace], int]]
"""Commands that other rooms carry out: the window and the smoke test."""


def main(argv: Sequence[str] | None, elsewhere: Elsewhere) -> int:
    """Run one command and return its exit code; ``SystemExit`` on wrong usage, ``--help`` and ``--version``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal or locale that lacks a character gets it escaped
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(argv, elsewhere)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return PIPE_CLOSED
    except OSError as error:
        print(f"The output could not be written: {error.strerror}.", file=sys.stderr)
        _drop_stdout()
        return NOT_WRITTEN
    return code


def _run(argv: Sequence[str] | None, elsewhere: Elsewhere) -> int:
    options = cli_options.parse(argv)
    commands: Elsewhere = {
        **elsewhere,
        "model-info": _model_info,
        "estimate": _estimate,
        "batch": cli_batch.run,
        cli_diagnose.COMMAND: cli_diagnose.run,
    }
    try:
        return commands[options.command](options)
    except BoneAgeError as error:
        print(f"bone-age: {cli_output.error_text(error)}", file=sys.stderr)
        return cli_options.WRONG_USAGE


def _find_bundle(name: str | None) -> Bundle:
    from bone_age_gui import paths
    from bone_age_gui.core.model.bundle import find_bundle

    return find_bundle(name, paths.model_search_path())


def _model_info(options: argparse.Namespace) -> int:
    bundle = _find_bundle(options.model)
    record = cli_output.bundle_record(bundle)
    print(cli_output.json_line(record) if options.json else cli_output.bundle_text(bundle))
    return ALL_DONE


def _estimate(options: argparse.Namespace) -> int:
    """Estimate every film; set-up errors are raised, those of a film are told beside it."""
    from bone_age_gui.core.model.predictor import Predictor

    predictor = Predictor(_find_bundle(options.model), options.device)
    if predictor.fallback_reason:
        print(f"bone-age: using the CPU: {predictor.fallback_reason}", file=sys.stderr)
    refused = 0
    reports = cli_report.FilmReports(options)
    for path, case in _cases(options, predictor):
        reports.add(case)
        refused += case.error is not None
        if options.json:
            line = cli_output.json_line(cli_output.case_record(path, case, predictor))
            print(line, flush=True)
        elif case.error is not None:
            print(f"{cli_output.printable(path)}: {cli_output.error_text(case.error)}\n", file=sys.stderr)
        else:
            print(cli_output.case_text(path, case), end="\n\n", flush=True)
    reports.finish()
    if not options.json:
        print(DISCLAIMER)
    return SOME_REFUSED if refused else ALL_DONE


def _cases(options: argparse.Namespace, predictor: Predictor) -> Iterator[tuple[str, Case]]:
    from bone_age_gui import paths
    from bone_age_gui.core import pipeline
    from bone_age_gui.core.growth import GrowthReference

    reference = GrowthReference.load(paths.growth_file())
    given = cli_options.patient_overrides(options)
    for path in options.files:
        try:
            case = pipeline.process(Path(path), predictor, reference, **given)
        except Exception as error:  # a bug in one film's way must not lose the answers of the others
            case = Case(path=Path(path), error=bug_error(error))
        yield path, case


def _drop_stdout() -> None:
    """Let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

