"""The film and its stages as pictures of the report of one film."""

from __future__ import annotations

import cv2
import numpy as np

from bone_age_gui.core.values.crop_frame import film_to_stage
from bone_age_gui.core.values.joints import moved_joint
from bone_age_gui.core.values.types import Case, Stage
from bone_age_gui.report.pdf.lines import shorten
from bone_age_gui.report.pdf.page import INNER, MARGIN, MUTED, Page
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.stages import stage_caption, stage_title

FILM_SIDE = 1400
"""Longer side in pixels of the film in the report: 400 dots an inch."""
_TILES = 3


def film_picture(pixels: np.ndarray, long_side: int = FILM_SIDE) -> np.ndarray:
    """A film (uint16, (h, w)) as uint8, its grey range stretched and its size reduced to what paper shows."""
    scale = long_side / max(pixels.shape)
    if scale < 1:
        size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    low, high = np.percentile(pixels, (0.2, 99.8))
    return np.clip((pixels.astype(np.float32) - low) * (255 / max(float(high - low), 1.0)), 0, 255).astype(np.uint8)


def stage_tiles(page: Page, case: Case) -> None:
    """Every stage in order, and the heat map over the last one."""
    gap = 5.0
    side = (INNER - gap * (_TILES - 1)) / _TILES
    tiles: list[tuple[str, str, Stage, np.ndarray | None]] = [
        (f"{number_text(number)}  {stage_title(stage.fact)}", stage_caption(stage.fact), stage, None)
        for number, stage in enumerate(case.stages, 1)
    ]
    heat = case.estimate.heat_map if case.estimate is not None else None
    joints = _joints_on_last(case)
    if case.stages and (heat is not None or joints.size):
        title = _title(bool(joints.size), heat is not None)
        words = tr("a hint at where it looked, no proof") if heat is not None else tr("as the finder sees them")
        tiles.append((title, words, case.stages[-1], heat))
    top = page.y + 5
    for place, (title, caption, stage, over) in enumerate(tiles):
        row, column = divmod(place, _TILES)
        x, y = MARGIN + column * (side + gap), top + row * (side + 14)
        axes = page.picture(x, y, side, side, _grey(stage.pixels))
        if place == len(case.stages):
            axes.plot(*joints, "o", markersize=2.6, markerfacecolor="none", markeredgecolor="#5fd7ff", linewidth=0)
        if over is not None:
            rows, columns = stage.pixels.shape
            shown = cv2.resize(over.astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
            axes.imshow(shown, cmap="inferno", alpha=0.45, vmin=0, vmax=1, aspect="auto", interpolation="none")
        page.text(x, y + side + 4, title, 8.5, bold=True)
        page.text(x, y + side + 7.8, shorten(caption, side, 7.5), 7.5, colour=MUTED)
        page.y = y + side + 8


def _title(has_joints: bool, has_heat: bool) -> str:
    if has_joints and has_heat:
        return tr("Joints and heat map")
    return tr("Joints") if has_joints else tr("Heat map")


def _joints_on_last(case: Case) -> np.ndarray:
    """Joints of the hand that was read, in pixels of the last stage: float64 (2, n), empty where there are none."""
    hand = case.quality.hand if case.quality is not None else None
    if hand is None or case.radiograph is None or not case.stages:
        return np.zeros((2, 0))
    height, width = case.radiograph.pixels.shape
    matrix = film_to_stage(case.stages, case.stages[-1], (height, width))
    if matrix is None:
        return np.zeros((2, 0))
    places = np.array([moved_joint(joint, matrix).at for joint in hand.joints]).T
    rows, columns = case.stages[-1].pixels.shape
    inside = (places[0] >= 0) & (places[1] >= 0) & (places[0] <= columns) & (places[1] <= rows)
    return places[:, inside]


def _grey(pixels: np.ndarray) -> np.ndarray:
    return film_picture(pixels) if pixels.dtype == np.uint16 else pixels
