"""The command line ``bone-age``: estimate films and describe models, without Qt.

How it ends says ``core.values.exit_codes``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.cli import batch as cli_batch
from bone_age_gui.cli import comparison
from bone_age_gui.cli import diagnose as cli_diagnose
from bone_age_gui.cli import options as cli_options
from bone_age_gui.cli import output as cli_output
from bone_age_gui.cli import pacs as cli_pacs
from bone_age_gui.cli import report as cli_report
from bone_age_gui.cli import watch as cli_watch
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.exit_codes import ExitCode, exit_code
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.record import loggable, record_of
from bone_age_gui.core.values.strict_json import json_line
from bone_age_gui.core.values.typed_values import given_patient
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.case_json import case_line
from bone_age_gui.wording.command_line import STOPPED, not_printed, using_cpu
from bone_age_gui.wording.errors import command_line_error
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.report import NO_PROOF
from bone_age_gui.wording.terminal import bundle_text, terminal_text
from bone_age_gui.wording.values import printable

if TYPE_CHECKING:
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.bundle import Bundle
    from bone_age_gui.core.model.predictor import Predictor
    from bone_age_gui.core.workers.reading import FilmReader

Elsewhere = Mapping[str, Callable[[argparse.Namespace], int]]
"""Commands that other rooms carry out: the window and the smoke test."""


def main(argv: Sequence[str] | None, elsewhere: Elsewhere) -> int:
    """Run one command and return its exit code; ``SystemExit`` on wrong usage, ``--help`` and ``--version``."""
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal or locale that lacks a character gets it escaped
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(argv, elsewhere)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(tr(STOPPED), file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return ExitCode.PIPE_CLOSED
    except OSError as error:
        print(not_printed(error.strerror or type(error).__name__), file=sys.stderr)
        _drop_stdout()
        return ExitCode.NOT_WRITTEN
    return code


def _run(argv: Sequence[str] | None, elsewhere: Elsewhere) -> int:
    options = cli_options.parse(argv)
    commands: Elsewhere = {
        **elsewhere,
        "model-info": _model_info,
        "estimate": _estimate,
        "batch": cli_batch.run,
        cli_diagnose.COMMAND: cli_diagnose.run,
        cli_pacs.COMMAND: cli_pacs.run,
        cli_watch.COMMAND: cli_watch.run,
    }
    try:
        return commands[options.command](options)
    except BoneAgeError as error:
        cli_output.note_on_stderr(command_line_error(error, vars(options)))
        return exit_code(error.code)


def _find_bundle(name: str | None) -> Bundle:
    from bone_age_gui import paths
    from bone_age_gui.core.model.bundle import find_bundle

    return find_bundle(name, paths.model_search_path())


def _model_info(options: argparse.Namespace) -> int:
    from bone_age_gui.core.model.bundle import bundle_record

    bundle = _find_bundle(options.model)
    record = bundle_record(bundle)
    print(json_line(record) if options.json else bundle_text(bundle))
    return ExitCode.DONE


def _estimate(options: argparse.Namespace) -> int:
    """Estimate every film; set-up errors are raised, those of a film are printed beside it."""
    from bone_age_gui.core.workers.reading import FilmReader

    reference = comparison.reference_of(options)
    bundle = _find_bundle(options.model)
    with FilmReader() as reader:
        reader.start()  # it gets ready while the network is loaded
        return _estimate_with(bundle, reference, reader, options)


def _estimate_with(bundle: Bundle, reference: GrowthReference, reader: FilmReader, options: argparse.Namespace) -> int:
    from bone_age_gui.core.model.predictor import Predictor

    predictor = Predictor(bundle, options.device)
    if predictor.fallback_reason:
        cli_output.note_on_stderr(using_cpu(predictor.fallback_reason))
    refused = estimated = 0
    reports = cli_report.FilmReports(options, reference)
    for path, case in _cases(options, predictor, reference, reader):
        record = record_of(case, program_version=__version__, created=datetime.now(UTC))
        reports.add(case, record)
        refused += case.error is not None
        estimated += case.error is None
        if options.anonymise:
            record = reports.shown(record)
            path, case = record.file, cli_output.without_patient(case, record)
        if options.json:
            print(case_line(loggable(record, path, predictor.made_by)), flush=True)
        elif case.error is not None:
            print(f"{printable(path)}: {command_line_error(case.error, vars(options))}\n", file=sys.stderr)
        else:
            print(terminal_text(path, case), end="\n\n", flush=True)
    reports.finish()
    if not options.json:
        print(f"{tr(NO_PROOF)}\n{tr(DISCLAIMER)}" if estimated else tr(DISCLAIMER))
    return ExitCode.SOME_REFUSED if refused else ExitCode.DONE


def _cases(
    options: argparse.Namespace, predictor: Predictor, reference: GrowthReference, reader: FilmReader
) -> Iterator[tuple[str, Case]]:
    from bone_age_gui.core import pipeline

    given = given_patient(vars(options))
    hand_side = HandSide(options.hand) if options.hand else None
    for path in options.files:
        try:
            case = pipeline.process(
                Path(path), predictor, reference, given=given, threshold_sd=options.threshold_sd,
                insisted=options.insist, hand_side=hand_side, demands_sex=options.demand_sex, read=reader.read,
            )  # fmt: skip
        except Exception as error:  # a bug in one film's way must not lose the estimates of the others
            case = Case(path=Path(path), error=bug_error(error))
        yield path, case


def _open_missing_streams() -> None:
    """Let the output go nowhere where it was closed before the start (``>&-``): it is nobody's mistake."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  for as long as the program runs


def _drop_stdout() -> None:
    """Let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
