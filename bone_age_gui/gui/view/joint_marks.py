"""The joints that the finder saw, drawn over a film or over the stage that was cut out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from bone_age_gui.core.values.crop_frame import film_to_stage
from bone_age_gui.core.values.joints import HandJoints, moved
from bone_age_gui.core.values.quality import Quality
from bone_age_gui.core.values.types import Case, Stage

COLOUR = "#5fd7ff"
OTHER = "#ffd27a"
"""Of a hand that is not read, or not yet."""
SHADOW = QColor(0, 0, 0, 150)
RADIUS = 3.5
SMALL = 160.0
"""A hand that is shown smaller than this, in screen pixels, gets finer marks."""


@dataclass(frozen=True)
class JointMarks:
    """One hand, in pixels of the picture that it is drawn over."""

    joints: tuple[QPointF, ...]
    rays: tuple[tuple[QPointF, ...], ...]
    is_read: bool


def marks_on_film(case: Case) -> tuple[JointMarks, ...]:
    """Every hand that was seen on the film; the one that is read, if any, is marked as such."""
    quality = case.quality
    return tuple(_marks(hand, hand is quality.hand) for hand in _hands(quality)) if quality is not None else ()


def marks_on_stage(case: Case, stage: Stage) -> tuple[JointMarks, ...]:
    """The hand that is read over the cleaned stage; nothing over another one."""
    hand = case.quality.hand if case.quality is not None else None
    if hand is None or case.radiograph is None or stage.key != "cleaned":
        return ()
    height, width = case.radiograph.pixels.shape
    matrix = film_to_stage(case.stages, stage, (height, width))
    return (_marks(moved(hand, matrix), True),) if matrix is not None else ()


def paint_joints(painter: QPainter, marks: Sequence[JointMarks], to_view: Callable[[QPointF], QPointF]) -> None:
    """Draw rings at the joints and lines along the rays; ``to_view`` maps picture pixels to the viewport."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for hand in marks:
        fine = 0.5 if _size(hand, to_view) < SMALL else 1.0
        pen = QPen(QColor(COLOUR if hand.is_read else OTHER), 1.4 * fine)
        if not hand.is_read:
            pen.setStyle(Qt.PenStyle.DotLine)
        for each in (QPen(SHADOW, 3.2 * fine), pen):
            painter.setPen(each)
            for ray in hand.rays:
                painter.drawPolyline(QPolygonF([to_view(point) for point in ray]))
            for joint in hand.joints:
                painter.drawEllipse(to_view(joint), RADIUS * fine, RADIUS * fine)


def _size(hand: JointMarks, to_view: Callable[[QPointF], QPointF]) -> float:
    """Height or width of the hand on the screen, whichever is more."""
    box = QPolygonF([to_view(joint) for joint in hand.joints]).boundingRect()
    return max(box.width(), box.height())


def _hands(quality: Quality) -> tuple[HandJoints, ...]:
    hands = quality.finding.hands if quality.finding is not None else ()
    return hands if quality.hand is None or quality.hand in hands else (*hands, quality.hand)


def _marks(hand: HandJoints, is_read: bool) -> JointMarks:
    def point(x: float, y: float) -> QPointF:
        return QPointF(x + 0.5, y + 0.5)  # a picture begins at the edge of its first pixel, joints at its centre

    wrist = point(*hand.wrist_at)
    return JointMarks(
        tuple(point(joint.x, joint.y) for joint in hand.joints),
        tuple((wrist, *(point(joint.x, joint.y) for joint in ray.joints)) for ray in hand.rays),
        is_read,
    )
