"""How the film is looked at: zoom, tools, turning, stages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.display import FilmDisplay
from bone_age_gui.gui.view.film import FilmView, Tool
from bone_age_gui.gui.view.greys import Preset
from bone_age_gui.wording.actions import FINGERS_UP, INVERT, MIRROR, TURN_LEFT, TURN_RIGHT
from bone_age_gui.wording.disabled import NO_FILM, NO_SPACING, NO_WINDOW
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.tiles import large_words, menu_words

ZOOM = 1.25
STAGE_KEYS = 9


class ViewActions:
    """Acts on the large view, and on what the panels show."""

    def __init__(self, display: FilmDisplay, view: FilmView) -> None:
        self._display = display
        self._view = view

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menus."""
        picture = why_not.picture
        return (
            *self._places(picture),
            *self._tools(),
            *self._greys(picture),
            *self._turns(picture),
            *self._pictures(why_not),
        )

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
            Action("tool_length", "&Length", "Left drag measures a length in mm", self._measure, ("L",), "length",
                   self._why_no_length, lambda: self._view.tool is Tool.LENGTH, "tool"),
            Action("remove_lengths", "Re&move lengths", "Take away the lengths of this film", self._view.remove_lengths,
                   ("Shift+L",), "", self._why_no_length),
        )  # fmt: skip

    def _measure(self) -> None:
        self._view.set_tool(Tool.LENGTH)

    def _why_no_length(self) -> str | None:
        if self._view.has_spacing:
            return None
        return tr(NO_SPACING) if self._view.has_picture else tr(NO_FILM)

    def _greys(self, why_not: Callable[[], str | None]) -> tuple[Action, ...]:
        view = self._view
        return (
            Action("greys_auto", "&Automatic window", "Window by the histogram of the exposed field",
                   partial(view.set_preset, Preset.AUTO), ("Shift+A",), "", why_not),
            Action("greys_file", "Window of the &file", "The window that the DICOM file brings",
                   partial(view.set_preset, Preset.FILE), ("Shift+D",), "", self._why_no_window),
            Action("greys_full", "Full &range", "From the darkest to the brightest grey that was read",
                   partial(view.set_preset, Preset.FULL), ("Shift+R",), "", why_not),
            Action("greys_type", "&Type window and level…", "Width and level in the film's own units",
                   view.edit_level, ("Shift+W",), "", why_not),
        )  # fmt: skip

    def _why_no_window(self) -> str | None:
        if not self._view.has_picture:
            return tr(NO_FILM)
        return None if self._view.greys.has_window else tr(NO_WINDOW)

    def _turns(self, why_not: Callable[[], str | None]) -> tuple[Action, ...]:
        view = self._view
        return (
            Action("rotate_left", "Rotate &left", TURN_LEFT, partial(view.turn, -1), ("Ctrl+L",),
                   "rotate-left", why_not),
            Action("rotate_right", "Rotate &right", TURN_RIGHT, partial(view.turn, 1), ("Ctrl+R",),
                   "rotate-right", why_not),
            Action("flip", "&Mirror", MIRROR, view.flip, ("Ctrl+M",), "flip", why_not),
            Action("invert", "In&vert", INVERT, view.invert, ("V",), "invert", why_not),
            Action("hang", "&Fingers up", FINGERS_UP, self._display.toggle_hanging,
                   ("U",), "hang", is_on=lambda: self._display.hangs),
            Action("reset_view", "R&eset the view", "As read, whole, with its first window, without lengths",
                   self._display.reset_view,
                   ("Home",), "reset-view", why_not),
        )  # fmt: skip

    def _pictures(self, why_not: Reasons) -> tuple[Action, ...]:
        display = self._display
        return (
            Action("heat_map", "&Heat map",
                   "Show where the network looked, on film and network stage; a hint, no proof", display.toggle_heat,
                   ("H",), "heat-map", why_not.heat_map, lambda: display.shows_heat),
            Action("joints", "&Joints", "Show the joints that the finder saw, on film and cleaned stage",
                   display.toggle_joints, ("J",), "", is_on=lambda: display.shows_joints),
            Action("original", "&Original", "Show the original large", partial(display.show_stage, 0), ("0",), "",
                   why_not.picture),
            *(self._stage(number, why_not) for number in range(1, STAGE_KEYS + 1)),
        )  # fmt: skip

    def _stage(self, number: int, why_not: Reasons) -> Action:
        """A stage is named after what it does; those beyond the last stage are not offered."""

        def text() -> str:
            return menu_words(number, self._display.stage_title(number))

        return Action(
            f"stage_{number}", text, partial(large_words, number), partial(self._display.toggle_stage, number),
            (str(number),), "", partial(why_not.stages, number),
            is_offered=lambda: self._display.stage_title(number) is not None or self._display.stage_title(1) is None,
        )  # fmt: skip
