"""Everything that the training package does: ``python -m training VERB``, ``python -m training VERB --help``.

Exit codes are those of ``bone-age``: 0 all done; 3 some films were refused; 4 a check did not pass; 2 wrong usage
or set-up; 1 the output could not be written; 130 stopped by Ctrl+C; 141 the reader of a pipe went away.
A mistake in the program is a line that says where, and ends with 1; ``python -X dev -m training VERB`` shows all of it.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.exit_codes import ExitCode, exit_code
from training.errors import TrainingError, training_error_line

# Verb: module with ``add_options(parser)`` and ``run(options)``, which returns an exit code or None; what it does.
VERBS = {
    "prepare": ("training.films.prepared", "pack prepared films for a machine that has no films of its own"),
    "split": ("training.films.split", "draw the held-out sets report and tune"),
    "train": ("training.run.train", "train a network and its teachers, or go on training"),
    "evaluate": ("training.measure.evaluate", "score a model bundle on labelled films"),
    "export": ("training.export.bundle", "make a model bundle from a checkpoint"),
    "finder": ("training.finder.command", "make the finder of joints: learn, measure, export"),
    "trust": ("training.trust.command", "give a bundle its finder and what lets it refuse and doubt"),
    "non-hands": ("training.trust.refusals", "count pictures without a hand, and parts of one, that are refused"),
    "heat-map": ("training.trust.heat_map", "say how much of the heat map lies on the hand"),
    "finder-time": ("training.trust.finder_time", "say how long the finder takes"),
    "stress": ("training.measure.stress", "say how far estimates move when films are changed"),
    "agreement": ("training.measure.agreement", "compare two sets of estimates of the same films"),
    "ablate": ("training.measure.ablate", "train variants of a configuration and compare them"),
    "compare": ("training.measure.compare", "train the backbones of seed 1's comparison"),
    "pictures": ("training.measure.pictures", "draw learning curves and Bland and Altman's plot"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; ``SystemExit`` on wrong usage and on ``--help``."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the interpreter's last flush
        return ExitCode.PIPE_CLOSED
    except OSError as error:
        print(f"training: {_file_words(error)}", file=sys.stderr)
        return ExitCode.NOT_WRITTEN
    except Exception as error:
        if sys.flags.dev_mode:  # python -X dev -m training VERB: for whoever looks for the mistake
            raise
        print(f"training: {_mistake_words(error)}", file=sys.stderr)
        return ExitCode.NOT_WRITTEN
    return code


def _file_words(error: OSError) -> str:
    """What the file system did not do, and what to do about it."""
    name = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, (str, bytes)) else "the output"
    why = (error.strerror or type(error).__name__).lower()
    return f"{name or 'the output'} could not be written or read ({why}). Name another place, or make room there."


def _mistake_words(error: Exception) -> str:
    """A mistake of the program, as ``bug_error`` says where it is; or that memory was short."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":  # torch's, of a CUDA card
        return "Not enough memory. Give --limit, fewer --workers or --jobs, or a smaller batch in the configuration."
    where = bug_error(error).details
    return (
        f"A mistake in the program ({where['kind']} at {where.get('file')}:{where.get('line')}). Please report it with "
        "these words; python -X dev -m training shows all of it."
    )


def _run(arguments: list[str]) -> int:
    try:
        options = _parser(arguments[0] if arguments else "").parse_args(arguments)
        return options.carry_out(options) or ExitCode.DONE
    except BoneAgeError as error:
        print(f"training: {training_error_line(error)}", file=sys.stderr)
        return exit_code(error.code)


def _parser(chosen: str) -> argparse.ArgumentParser:
    """All verbs by name; only the chosen one's module is imported, because most need torch and evaluating does not."""
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb, (name, purpose) in VERBS.items():
        if verb != chosen:
            verbs.add_parser(verb, help=purpose)
            continue
        module = _imported(name)
        own = verbs.add_parser(
            verb, help=purpose, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        module.add_options(own)
        own.set_defaults(carry_out=module.run)
    return parser


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise TrainingError(
            "A package is missing",
            f"{error.name} is not installed. Install it by pip install -e '.[train]'.",
            "no_package",
        ) from error


if __name__ == "__main__":
    sys.exit(main())
