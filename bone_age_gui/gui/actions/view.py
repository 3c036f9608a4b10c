"""How the film is looked at: zoom, tools, turning, stages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bone_age_gui.gui.actions.action import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.display import FilmDisplay
from bone_age_gui.gui.view.film_view import FilmView, Tool

ZOOM = 1.25
STAGE_KEYS = 9


class ViewActions:
    """Acts on the large view, and on what the panels show."""

    def __init__(self, display: FilmDisplay, view: FilmView) -> None:
        self._display = display
        self._view = view

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """In the order of the menus."""
        return (*self._places(why_not.picture), *self._tools(), *self._turns(why_not.picture), *self._pictures(why_not))

    def _places(self, why_not: Callable[[], str | None]) -> tuple[Action, ...]:
        view = self._view
        return (
            Action("fit", "&Fit", "Show the whole film", self._display.fit, ("F", "Ctrl+0"), "fit", why_not),
            Action("actual_size", "&Actual size 1:1", "One film pixel on one screen pixel", view.show_actual_size,
                   ("A", "Ctrl+1"), "actual-size", why_not),
            Action("zoom_in", "Zoom &in", "Larger", partial(view.zoom_by, ZOOM), ("+", "=", "Ctrl++"), "zoom-in",
                   why_not),
            Action("zoom_out", "Zoom &out", "Smaller", partial(view.zoom_by, 1 / ZOOM), ("-", "Ctrl+-"), "zoom-out",
                   why_not),
        )  # fmt: skip

    def _tools(self) -> tuple[Action, ...]:
        return (
            Action("tool_window", "&Window and level", "Left drag changes window and level",
                   partial(self._view.set_tool, Tool.WINDOW), ("W",), "window-level",
                   is_on=lambda: self._view.tool is Tool.WINDOW, group="tool"),
            Action("tool_pan", "&Pan", "Left drag moves the film", partial(self._view.set_tool, Tool.PAN), ("P",),
                   "pan", is_on=lambda: self._view.tool is Tool.PAN, group="tool"),
        )  # fmt: skip

    def _turns(self, why_not: Callable[[], str | None]) -> tuple[Action, ...]:
        view, only = self._view, "for viewing only: the network sees the film as read"
        return (
            Action("rotate_left", "Rotate &left", f"Turn left, {only}", partial(view.turn, -1), ("Ctrl+L",),
                   "rotate-left", why_not),
            Action("rotate_right", "Rotate &right", f"Turn right, {only}", partial(view.turn, 1), ("Ctrl+R",),
                   "rotate-right", why_not),
            Action("flip", "&Mirror", f"Mirror left and right, {only}", view.flip, ("Ctrl+M",), "flip", why_not),
            Action("invert", "In&vert", f"Swap dark and bright, {only}", view.invert, ("V",), "invert", why_not),
            Action("reset_view", "R&eset the view", "Upright, whole, full grey range", self._display.reset_view,
                   ("Home",), "reset-view", why_not),
        )  # fmt: skip

    def _pictures(self, why_not: Reasons) -> tuple[Action, ...]:
        display = self._display
        return (
            Action("heat_map", "&Heat map", "Show on the network stage where the network looked; a hint, no proof",
                   display.toggle_heat, ("H",), "heat-map", why_not.heat_map, lambda: display.shows_heat),
            Action("original", "&Original", "Show the original large", partial(display.show_stage, 0), ("0",), "",
                   why_not.picture),
            *(self._stage(number, why_not) for number in range(1, STAGE_KEYS + 1)),
        )  # fmt: skip

    def _stage(self, number: int, why_not: Reasons) -> Action:
        """A stage is named after what it does; those beyond the last stage are not offered."""

        def text() -> str:
            title = self._display.stage_title(number)
            return f"&{number}  {title}" if title is not None else f"Stage &{number}"

        return Action(
            f"stage_{number}", text, f"Show stage {number} large", partial(self._display.toggle_stage, number),
            (str(number),), "", partial(why_not.stages, number),
            is_offered=lambda: self._display.stage_title(number) is not None or self._display.stage_title(1) is None,
        )  # fmt: skip
