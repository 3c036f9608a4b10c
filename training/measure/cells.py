"""The cells of a comparison of backbones: which there are, each one's configuration, the table of their results."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from bone_age_gui.core.values.bounds import Name, Within
from bone_age_gui.core.values.strict_json import BadFieldError, from_plain, parse_json
from bone_age_gui.wording.fields import problem_words
from training.configs.read import bad_config, make_config, merged, read_config, read_toml
from training.configs.values import Named, TrainingConfig
from training.errors import TrainingError

RANDOM_WEIGHTS = "random weights"
_ENHANCEMENT = ("equalisation_bins", "sharpening", "gamma")
COLUMNS = (
    "backbone",
    "size",
    "films",
    "mae_months",
    "published_mae_months",
    "mse",
    "published_mse",
    "weights",
    "frozen",
    "n_train",
    "n_validation",
    "n_test",
    "epochs",
    "best_epoch",
)

_HEADINGS = (
    "backbone",
    "px",
    "films",
    "MAE",
    "published",
    "MSE",
    "published",
    "first weights",
    "learns",
    "train / validation / test",
    "epochs",
)


Published = Annotated[float, Within(0, 100_000)]


@dataclass(frozen=True)
class Backbone:
    """A row of the comparison. ``name`` is timm's; ``published``: (MAE, MSE) by ``enhanced-280`` and the like."""

    title: Name
    name: Named
    published: Mapping[str, tuple[Published, Published]]


@dataclass(frozen=True)
class Cell:
    """A backbone at one picture size (pixels), on enhanced or on original films."""

    backbone: Backbone
    size: int
    enhanced: bool

    @property
    def films(self) -> str:
        """``enhanced`` or ``original``."""
        return "enhanced" if self.enhanced else "original"

    @property
    def name(self) -> str:
        """As ``--cells`` takes it."""
        return f"{self.backbone.name}-{self.size}-{self.films}"

    @property
    def published(self) -> tuple[float, float] | None:
        """MAE and MSE as published."""
        return self.backbone.published.get(f"{self.films}-{self.size}")


@dataclass(frozen=True)
class CellResult:
    """The result of a cell: errors on its test films in months and months squared, and the budget that it had."""

    mae_months: float
    mse: float
    weights: str
    frozen: bool
    n_train: int
    n_validation: int
    n_test: int
    epochs: int
    best_epoch: int


@dataclass(frozen=True)
class ComparisonPlan:
    """The base configuration, what changes in it where there are no ImageNet weights, and the cells."""

    base: TrainingConfig
    without_weights: Mapping[str, Any]
    cells: tuple[Cell, ...]

    def config(self, cell: Cell, weights: str) -> TrainingConfig:
        """The base with a cell's backbone, size and films; ``weights`` ``"none"`` gives it the budget without them."""
        changes = self.without_weights if weights == "none" else {}
        changed = make_config(merged(self.base.raw, changes)).raw  # checked before a cell writes into it
        raw = merged(changed, {"network": {"backbone": cell.backbone.name, "weights": weights}})
        raw["name"] = cell.name
        raw["preprocessing"] |= {"network_width": cell.size, "network_height": cell.size}
        if not cell.enhanced:
            for stage in _ENHANCEMENT:
                raw["preprocessing"].pop(stage, None)
        for phase in raw["phases"]:
            phase["size"] = cell.size
        return make_config(raw)

    def chosen(self, words: str | None) -> list[Cell]:
        """Cells by ``--cells``: ``2/3`` is the second of three shares, else names with commas; all without it."""
        if words is None:
            return list(self.cells)
        if share := re.fullmatch(r"(\d+)/(\d+)", words):
            part, parts = map(int, share.groups())
            if not 1 <= part <= parts:
                raise _bad_cells(f"{words} is no share: the first of three is 1/3.")
            return list(self.cells[part - 1 :: parts])
        by_name = {cell.name: cell for cell in self.cells}
        names = words.split(",")
        if unknown := [name for name in names if name not in by_name]:
            raise _bad_cells(f"There is no cell {', '.join(unknown)}; there are {', '.join(by_name)}.")
        return [by_name[name] for name in names]


def _bad_cells(why: str) -> TrainingError:
    return TrainingError("No such cells", f"{why} Correct --cells.", "bad_cells")


def read_comparison(path: Path) -> ComparisonPlan:
    """A comparison's file; BoneAgeError (``bad_config``) if it is wrong."""
    table = read_toml(path)
    try:
        backbones = from_plain(tuple[Backbone, ...], table["backbones"], "backbones")
        sizes = from_plain(tuple[Annotated[int, Within(16, 4096)], ...], table["sizes"], "sizes")
        base = read_config(path.parent / from_plain(str, table["base"], "base"))
        changes = from_plain(Mapping[str, Any], table["random_weights"], "random_weights")
        if unknown := sorted(table.keys() - {"base", "sizes", "random_weights", "backbones"}):
            raise ValueError(f"unknown fields: {', '.join(unknown)}")
    except KeyError as error:
        raise bad_config(f"{path.name} lacks {error}", "Compare it with training/configs/table2.toml") from error
    except ValueError as error:
        raise bad_config(
            f"{path.name}: {problem_words(error)}", "Compare it with training/configs/table2.toml"
        ) from error
    if not (backbones and sizes):
        raise bad_config(f"{path.name}: backbones and sizes should name at least one", "Name some")
    cells = tuple(Cell(each, size, films) for each in backbones for size in sizes for films in (True, False))
    comparison = ComparisonPlan(base, changes, cells)
    for cell in cells:  # what cannot be is refused before the first training, not at the last cell
        test = comparison.config(cell, "none").split
        if test is None or base.split is None:
            raise bad_config(f"{path.name}: its cells need a [split] with test films", "Give the base one")
    return comparison


def read_result(path: Path) -> CellResult | None:
    """The result that a cell left behind, ``None`` if there is none; ``BoneAgeError`` (``bad_result``) if broken."""
    try:
        return from_plain(CellResult, parse_json(path.read_text(encoding="utf-8")), path.name)
    except FileNotFoundError:
        return None
    except ValueError as error:
        why = problem_words(error) if isinstance(error, BadFieldError) else "it is no JSON in UTF-8"
        raise TrainingError(
            "A result cannot be read",
            f"{path.parent.name}/{path.name}: {why}. Delete it to train the cell again.",
            "bad_result",
        ) from error


def rows(results: Sequence[tuple[Cell, CellResult | None]]) -> list[list[object]]:
    """Lines of the CSV file, by ``COLUMNS``; a cell that has not been trained leaves its own figures empty."""
    lines: list[list[object]] = []
    for cell, result in results:
        values = asdict(result) if result is not None else {}
        mae, mse = cell.published or ("", "")
        values |= {"backbone": cell.backbone.title, "size": cell.size, "films": cell.films}
        values |= {"published_mae_months": mae, "published_mse": mse}
        lines.append([_rounded(values.get(name, "")) for name in COLUMNS])
    return lines


def _rounded(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


def markdown(results: Sequence[tuple[Cell, CellResult | None]], config_name: str) -> str:
    """The table as text: our figures beside the published ones, with the budget of every cell."""
    lines = [
        "# Seed 1's Table 2, trained here",
        "",
        f"Written by `python -m training compare {config_name}`. MAE in months and MSE in months squared on the test",
        "films, which are drawn from *report*; beside them what was published (there on other films).",
        "",
        *_budget(results),
        "",
        f"| {' | '.join(_HEADINGS)} |",
        f"|{' --- |' * len(_HEADINGS)}",
        *(_line(cell, result) for cell, result in results),
    ]
    return "\n".join(lines) + "\n"


def _budget(results: Sequence[tuple[Cell, CellResult | None]]) -> list[str]:
    done = [result for _, result in results if result is not None]
    lines = [f"{len(done)} of {len(results)} cells have been trained."]
    drawn = [result for result in done if result.weights == RANDOM_WEIGHTS]
    if drawn:
        budgets = {(result.n_train, result.n_validation, result.n_test, result.epochs) for result in drawn}
        each = "; ".join(
            f"{train}/{tune}/{test} films, {epochs} epochs" for train, tune, test, epochs in sorted(budgets)
        )
        lines += [
            "",
            f"**{len(drawn)} of them began with random weights**, because there were no ImageNet weights where they",
            f"were trained: all layers learned, with one small and equal budget ({each}).",
            "These figures show that the harness works. They do not say what a backbone is worth, and are not to",
            "be compared with the published ones.",
        ]
    return lines


def _line(cell: Cell, result: CellResult | None) -> str:
    start = f"| {cell.backbone.title} | {cell.size} | {cell.films} |"
    mae, mse = (f"{value:.2f}" for value in cell.published) if cell.published else ("", "")
    if result is None:
        return f"{start} not trained | {mae} | | {mse} | | | | |"
    learns = "head" if result.frozen else "all layers"
    films = f"{result.n_train} / {result.n_validation} / {result.n_test}"
    ours = f"{result.mae_months:.2f} | {mae} | {result.mse:.1f} | {mse}"
    return f"{start} {ours} | {result.weights} | {learns} | {films} | {result.epochs} |"
