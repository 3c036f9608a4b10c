"""Shows that two states of the source give the same answers: their command lines over the same films. Run by hand:

    python tests/benchmarks/same_answers.py --checkout OLD --films DIR --write before.json --keep JOURNALS
    python tests/benchmarks/same_answers.py --checkout NEW --films DIR --write after.json --resume JOURNALS
    python tests/benchmarks/same_answers.py --compare before.json after.json [--known FILE.toml]

The first two calls run ``python -m bone_age_gui`` of a checkout over about 130 films that they make themselves (hands
in every format, no hands, broken files) and some of each ``--films`` folder, and write down what it said, byte for
byte but for times and generated numbers: the JSON of all films, once with their tags and twice with typed values; the
text; the reports of ten films in every format, also anonymised; a batch of all films with every format. ``--keep``
puts the journal of that batch aside, ``--resume`` continues a half of it. ``--model`` gives all runs one bundle.

The third call compares field by field, numbers to the last bit, and ends with 1 if anything differs that ``--known``
does not name with a reason. What it compares is in ``same_answers_compare.py``. No test depends on this.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "tests" / "benchmarks")]

from same_answers_compare import compare  # noqa: E402

from proof_films import UID_ROOT, fix_times, make_films  # noqa: E402
from report_contents import Masks, content_of  # noqa: E402

STARTED = time.perf_counter()
GIVEN = "given"
REPORTED = (
    "dicom_patients/boy.dcm",
    "dicom_patients/girl_5_advanced.dcm",
    "dicom_patients/boy_16.dcm",
    "dicom_patients/numbered.dcm",
    "dicom_patients/japanese.dcm",
    "dicom_values/monochrome2_but_negative.dcm",
    "dicom_patients/sex_missing.dcm",
    "sample/phantom_hand.dcm",
    "pictures/sixteen_bits.png",
    "broken/cut_off.dcm",
)
"""Each flag, and what words are made of: names, notices, a phantom, a picture without tags, a refusal."""
CASE_FORMATS = "pdf,sr,dicom-pdf,csv,xlsx,json,summary"
RUN_FORMATS = "csv,xlsx,pdf,json,sr"
_CHANGING = ("films_per_second", "seconds")
_PROGRESS = ("films/s", "writing the reports")
_SUFFIXES = {".dcm", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"}
_FILMS_EACH = 16
"""Films taken from each folder of ``--films``."""


@dataclass(frozen=True)
class Program:
    """The command line of a checkout, run in the folder of the films."""

    checkout: Path
    films: Path
    model: str | None
    version: str = ""

    def masks(self) -> Masks:
        """Masks that have seen no number yet."""
        return Masks(UID_ROOT, self.version)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command; its output is what is compared, whatever its exit code."""
        print(f"{time.perf_counter() - STARTED:5.0f} s {words[0]}", file=sys.stderr)
        model = ["--model", self.model] if self.model and words[0] in ("estimate", "batch", "model-info") else []
        return self.python("-m", "bone_age_gui", *words, *model)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(self.checkout), "BONE_AGE_DATA": str(self.films / "no-data")}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.films,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def find_version(self) -> str:
        """The program's version. ``ValueError`` if another checkout than the wanted one would run."""
        code = "import bone_age_gui as package; print(package.__file__); print(package.__version__)"
        file, version = self.python("-c", code).stdout.split()
        if self.checkout not in Path(file).parents:
            raise ValueError(f"{file} would run instead of {self.checkout}")
        return version


def main(argv: Sequence[str] | None = None) -> int:
    options = _parse(argv)
    if options.compare:
        return compare(*options.compare, options.known)
    with tempfile.TemporaryDirectory() as text:
        result = measure(options, Path(text))
    options.write.parent.mkdir(parents=True, exist_ok=True)
    options.write.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    codes = {run: f"exit code {entry['code']}" for run, entry in result["runs"].items()}
    print(f"{len(result['films'])} films, {time.perf_counter() - STARTED:.0f} s: {codes}")
    return 0


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All runs of one checkout; ``folder`` is empty and may be thrown away."""
    films = folder / "films"
    names = _all_films(films, options.films)
    program = Program(options.checkout.resolve(), films, str(options.model.resolve()) if options.model else None)
    program = replace(program, version=program.find_version())
    runs = {
        "model-info": _model_info(program),
        "estimate": _estimate(program, names),
        "typed dates": _estimate(program, names[::3], *_typed("M", "2012-05-06")),
        "typed age": _estimate(program, names[1::3], "--sex", "F", "--age-months", "131.5"),
        "text": _texts(program, REPORTED),
        "missing film": _texts(program, ["nowhere.png", "broken"]),
        "reports": _reports(program, folder / "reports"),
        "anonymised reports": _reports(program, folder / "anonymised", "--anonymise"),
        "batch": _batch(program, folder / "batch", "--recursive", "--patients", str(films / "patients.csv")),
        "anonymised batch": _batch(program, folder / "anonymised-batch", "--anonymise", films=films / "dicom_patients"),
    }
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "batch" / "journal.jsonl", options.keep / "journal.jsonl")
    if options.resume:
        runs["resumed batch"] = _resumed(program, folder / "resumed", options.resume / "journal.jsonl")
    return {"commit": _commit(program.checkout), "films": {name: _sha256(films / name) for name in names}, "runs": runs}


def _all_films(folder: Path, given: Sequence[Path]) -> list[str]:
    """Make the films, and copy some of each given folder, spread over its sorted names."""
    make_films(folder, ROOT / "resources" / "sample")
    for source in given:
        files = sorted(path for path in source.rglob("*") if path.suffix.lower() in _SUFFIXES)
        target = folder / GIVEN / source.name
        target.mkdir(parents=True)
        for path in files[:: max(1, len(files) // _FILMS_EACH)][:_FILMS_EACH]:
            shutil.copyfile(path, target / path.name)
    names = fix_times(folder)
    _write_patients(folder / "patients.csv", [name for name in names if name.startswith((GIVEN, "pictures", "looks"))])
    return names


def _write_patients(path: Path, names: Sequence[str]) -> None:
    """Sex, age and some readings for the films without tags: girls and boys in turn, from 3 to 17 years."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "sex", "birth_date", "age_months", "study_date", "reader_age_months"])
        for number, name in enumerate(names):
            age = 36 + 168 * number / max(1, len(names) - 1)
            born = f"{2024 - int(age // 12)}-02-03" if number % 3 == 0 else ""
            read = f"{age + number % 5 - 2:.1f}" if number % 2 == 0 else ""
            writer.writerow([name, "FM"[number % 2], born, "" if born else f"{age:.2f}", "2024-06-07", read])


def _typed(sex: str, born: str) -> list[str]:
    return ["--sex", sex, "--birth-date", born, "--study-date", "2022-03-04"]


def _lines(done: subprocess.CompletedProcess[str], masks: Masks) -> dict[str, Any]:
    """One JSON object a line, by the film that it names."""
    records = [json.loads(line) for line in done.stdout.splitlines()]
    named = {_film_of(record): masks.value(record) for record in records}
    if len(named) != len(records):
        raise ValueError("a film was answered twice")
    return {"code": done.returncode, "answers": named, "errors": _error_lines(done, masks)}


def _model_info(program: Program) -> dict[str, Any]:
    result = _lines(program.run("model-info", "--json"), program.masks())
    del result["answers"]["all"]["path"]  # where the bundle lies
    return result


def _film_of(record: dict[str, Any]) -> str:
    return str(record.get("file") or record["path"]) if "sex" in record else "all"


def _estimate(program: Program, names: Sequence[str], *options: str) -> dict[str, Any]:
    return _lines(program.run("estimate", *names, "--json", "--device", "cpu", *options), program.masks())


def _texts(program: Program, names: Sequence[str]) -> dict[str, Any]:
    done, masks = program.run("estimate", *names, "--device", "cpu"), program.masks()
    return {
        "code": done.returncode,
        "text": [masks.text(line) for line in done.stdout.splitlines()],
        "errors": _error_lines(done, masks),
    }


def _error_lines(done: subprocess.CompletedProcess[str], masks: Masks) -> list[str]:
    """What was said on stderr but for progress, which depends on the time."""
    return [masks.text(line) for line in done.stderr.splitlines() if not any(word in line for word in _PROGRESS)]


def _reports(program: Program, out: Path, *options: str) -> dict[str, Any]:
    done = program.run(
        "estimate", *REPORTED, "--json", "--device", "cpu", "--report", str(out), "--formats", CASE_FORMATS, *options
    )
    return _lines(done, program.masks()) | {"reports": _contents(out, program)}


def _batch(program: Program, out: Path, *options: str, films: Path | None = None) -> dict[str, Any]:
    done = program.run(
        "batch", str(films or program.films), "--out", str(out), "--formats", RUN_FORMATS, "--json", "--device", "cpu",
        *options,
    )  # fmt: skip
    result = {"code": done.returncode, "errors": _error_lines(done, program.masks())}
    if not done.stdout.strip():
        return result
    summary = {key: value for key, value in json.loads(done.stdout).items() if key not in _CHANGING}
    summary["reports"] = sorted({name.split("/")[0] for name in summary["reports"]})
    return result | {"answers": {"summary": summary}, "reports": _contents(out, program)}


def _resumed(program: Program, out: Path, journal: Path) -> dict[str, Any]:
    """Continue a batch of which an earlier state of the program did the first half."""
    lines = journal.read_bytes().splitlines(keepends=True)
    out.mkdir()
    (out / "journal.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    return _batch(program, out, "--recursive", "--patients", str(program.films / "patients.csv"), "--resume")


def _contents(out: Path, program: Program) -> dict[str, Any]:
    """All reports by their names; those of a run's structured reports, which are random, by their contents."""
    reports: dict[str, Any] = {}
    structured = []
    for path in sorted(path for path in out.rglob("*") if path.is_file() and path.name != "journal.jsonl"):
        fields = content_of(path, program.masks())
        if path.parent == out:
            reports[path.name] = fields
        else:
            structured.append(fields)
    structured.sort(key=_order)
    return reports | {f"structured {number:03}": fields for number, fields in enumerate(structured, 1)}


def _order(fields: dict[str, Any]) -> list[str]:
    """What tells structured reports apart, before all that may have been worded anew."""
    sure = ("ReferencedSOPInstanceUID", "NumericValue", "PatientName", "PatientBirthDate")
    parts = [str(value) for name, value in fields.items() if name.endswith(sure) and "<" not in str(value)]
    return [*parts, json.dumps(fields, sort_keys=True)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit(checkout: Path) -> str:
    done = subprocess.run(["git", "-C", str(checkout), "describe", "--always", "--dirty", "--abbrev=12"],
                          capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    return done.stdout.strip() or "unknown"


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Show that two states of the source give the same answers.")
    parser.add_argument("--checkout", type=Path, default=ROOT, metavar="DIR", help="the state to run (default: this)")
    parser.add_argument("--films", type=Path, action="append", default=[], metavar="DIR", help="more films; repeatable")
    parser.add_argument("--model", type=Path, metavar="DIR", help="the bundle for all runs (default: the checkout's)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the journal of the batch here")
    parser.add_argument("--resume", type=Path, metavar="DIR", help="continue half of the journal that is kept here")
    parser.add_argument(
        "--known", type=Path, metavar="FILE", help="TOML: differences that are wanted, each with a reason"
    )
    work = parser.add_mutually_exclusive_group(required=True)
    work.add_argument("--write", type=Path, metavar="FILE", help="run, and write what was said")
    work.add_argument("--compare", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
