"""What the user chose, kept between sessions in one INI file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize

from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD, THRESHOLD_RANGE
from bone_age_gui.core.height import FIRST_CHOICE, REFERENCES
from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.core.values.cut_offs import CutOffs
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.choices import TEXT_SIZES, ThemeChoice, WheelAction
from bone_age_gui.wording.language import is_known

ORGANISATION = "bone-age-gui"
APPLICATION = "bone-age-gui"
MAX_RECENT = 10


class Settings:
    """Typed access to the stored settings. Values that cannot be understood give the default.

    ``theme`` and ``language`` hold for this run only, until another one is chosen.
    """

    def __init__(
        self, store: QSettings | None = None, theme: ThemeChoice | None = None, language: str | None = None
    ) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION
        )
        self._theme_now = theme
        self._language_now = language

    def _text(self, key: str, default: str) -> str:
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def _flag(self, key: str, default: bool) -> bool:
        return self._text(key, "true" if default else "false").lower() == "true"

    def _put(self, key: str, value: str | bool | float) -> None:
        self._store.setValue(key, str(value).lower() if isinstance(value, bool) else str(value))

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark or as the system says (the default)."""
        text = self._theme_now or self._text("view/theme", ThemeChoice.SYSTEM)
        return ThemeChoice(text) if text in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, value: ThemeChoice) -> None:
        self._theme_now = None
        self._put("view/theme", value)

    @property
    def language(self) -> str:
        """Code of the language of the window; empty for the system's (the default)."""
        text = self._language_now or self._text("view/language", "")
        return text if is_known(text) else ""

    @language.setter
    def language(self, value: str) -> None:
        self._language_now = None
        self._put("view/language", value)

    @property
    def own_digits(self) -> bool:
        """Whether a language with digits of its own (Persian) writes numbers with them; on by default."""
        return self._flag("view/own_digits", True)

    @own_digits.setter
    def own_digits(self, value: bool) -> None:
        self._put("view/own_digits", value)

    @property
    def wheel(self) -> WheelAction:
        """What the plain wheel does; zoom by default."""
        text = self._text("view/wheel", WheelAction.ZOOM)
        return WheelAction(text) if text in set(WheelAction) else WheelAction.ZOOM

    @wheel.setter
    def wheel(self, value: WheelAction) -> None:
        self._put("view/wheel", value)

    @property
    def text_size(self) -> int:
        """Text size in per cent, one of `TEXT_SIZES`."""
        text = self._text("view/text_size", "100")
        return int(text) if text.isdigit() and int(text) in TEXT_SIZES else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._put("view/text_size", value)

    @property
    def heat_map(self) -> bool:
        """Whether the heat map lies over film and network stage."""
        return self._flag("view/heat_map", False)

    @heat_map.setter
    def heat_map(self, value: bool) -> None:
        self._put("view/heat_map", value)

    @property
    def joints(self) -> bool:
        """Whether the joints that the finder saw are drawn over the film; on by default."""
        return self._flag("view/joints", True)

    @joints.setter
    def joints(self, value: bool) -> None:
        self._put("view/joints", value)

    @property
    def hang(self) -> bool:
        """Whether films are hung with the fingers up; off by default, as they were read."""
        return self._flag("view/hang", False)

    @hang.setter
    def hang(self, value: bool) -> None:
        self._put("view/hang", value)

    @property
    def stage_strip(self) -> bool:
        """Whether the stages are shown below the film."""
        return self._flag("view/stage_strip", True)

    @stage_strip.setter
    def stage_strip(self, value: bool) -> None:
        self._put("view/stage_strip", value)

    @property
    def model(self) -> str | None:
        """Name or folder of the model bundle; ``None`` is the default one."""
        return self._text("estimate/model", "") or None

    @model.setter
    def model(self, value: str | None) -> None:
        self._put("estimate/model", value or "")

    @property
    def device(self) -> str:
        """``auto``, ``cpu`` or ``cuda``."""
        text = self._text("estimate/device", "auto")
        return text if text in ("auto", "cpu", "cuda") else "auto"

    @device.setter
    def device(self, value: str) -> None:
        self._put("estimate/device", value)

    @property
    def threshold_sd(self) -> float:
        """How many SD count as advanced or delayed."""
        low, high = THRESHOLD_RANGE
        try:
            value = float(self._text("estimate/threshold_sd", str(DEFAULT_THRESHOLD_SD)))
        except ValueError:
            return DEFAULT_THRESHOLD_SD
        return value if low <= value <= high else DEFAULT_THRESHOLD_SD

    @threshold_sd.setter
    def threshold_sd(self, value: float) -> None:
        self._put("estimate/threshold_sd", value)

    @property
    def height_reference(self) -> str:
        """What a height's SD score is counted in, a key of ``height.REFERENCES``."""
        text = self._text("estimate/height_reference", FIRST_CHOICE)
        return text if text in REFERENCES else FIRST_CHOICE

    @height_reference.setter
    def height_reference(self, value: str) -> None:
        self._put("estimate/height_reference", value)

    @property
    def own_reference(self) -> Path | None:
        """A file of one's own in place of the Brush Foundation's bone ages."""
        text = self._text("estimate/own_reference", "")
        return Path(text) if text else None

    @own_reference.setter
    def own_reference(self, value: Path | None) -> None:
        self._put("estimate/own_reference", str(value) if value is not None else "")

    @property
    def cut_offs(self) -> CutOffs:
        """From which probability on a flag is firm."""
        standard = CutOffs()
        try:
            return CutOffs(
                float(self._text("estimate/normal_below", str(standard.normal_below))),
                float(self._text("estimate/beyond_above", str(standard.beyond_above))),
            )
        except (ValueError, BoneAgeError):
            return standard

    @cut_offs.setter
    def cut_offs(self, value: CutOffs) -> None:
        self._put("estimate/normal_below", value.normal_below)
        self._put("estimate/beyond_above", value.beyond_above)

    @property
    def demand_sex(self) -> bool:
        """Whether no film is estimated without its sex; off by default."""
        return self._flag("estimate/demand_sex", False)

    @demand_sex.setter
    def demand_sex(self, value: bool) -> None:
        self._put("estimate/demand_sex", value)

    @property
    def comparison(self) -> ComparisonChoice:
        """All that concerns the comparison of ages."""
        return ComparisonChoice(self.height_reference, self.own_reference, self.cut_offs, self.demand_sex)

    @property
    def reader_name(self) -> str:
        """Who reads the films here; stands with what is decided."""
        return self._text("reading/reader", "").strip()

    @reader_name.setter
    def reader_name(self, value: str) -> None:
        self._put("reading/reader", value.strip())

    @property
    def blind_first(self) -> bool:
        """Whether readers give their age before they see the model's; off by default."""
        return self._flag("reading/blind_first", False)

    @blind_first.setter
    def blind_first(self, value: bool) -> None:
        self._put("reading/blind_first", value)

    @property
    def keep_worklist(self) -> bool:
        """Whether what is entered outlasts the window; on by default, so that no reading is lost."""
        return self._flag("files/keep_worklist", True)

    @keep_worklist.setter
    def keep_worklist(self, value: bool) -> None:
        self._put("files/keep_worklist", value)
        if not value:
            self.clear_recent()

    @property
    def keep_recent(self) -> bool:
        """Whether opened files are remembered. Off by default: names of files can hold names of patients."""
        return self._flag("files/keep_recent", False)

    @keep_recent.setter
    def keep_recent(self, value: bool) -> None:
        self._put("files/keep_recent", value)
        if not value:
            self.clear_recent()

    @property
    def recent(self) -> list[Path]:
        """Last opened files, newest first; empty unless `keep_recent`, and where nothing at all is kept."""
        value = self._store.value("files/recent", [])
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        kept = self.keep_recent and self.keep_worklist
        return [Path(text) for text in texts if isinstance(text, str) and text] if kept else []

    def remember(self, path: Path) -> None:
        """Put a file at the top of `recent`, if the user wants that."""
        if self.keep_recent and self.keep_worklist:
            texts = [str(path), *(str(old) for old in self.recent if old != path)]
            self._store.setValue("files/recent", texts[:MAX_RECENT])

    def clear_recent(self) -> None:
        """Forget the opened files."""
        self._store.remove("files/recent")

    def layout(self) -> tuple[QByteArray, QByteArray, QByteArray]:
        """Window geometry, dock state and state of the centre splitter; empty if never saved."""
        keys = ("window/geometry", "window/docks", "window/splitter")
        values = [self._store.value(key) for key in keys]
        geometry, docks, splitter = (v if isinstance(v, QByteArray) else QByteArray() for v in values)
        return geometry, docks, splitter

    @property
    def layout_room(self) -> QSize:
        """The room in letters and lines that the kept layout was made for; none if that is not known."""
        value = self._store.value("window/room")
        return value if isinstance(value, QSize) else QSize(0, 0)

    def save_layout(self, geometry: QByteArray, docks: QByteArray, splitter: QByteArray, room: QSize) -> None:
        """Remember where the panels are, and the room in letters and lines that they had."""
        self._store.setValue("window/room", room)
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/docks", docks)
        self._store.setValue("window/splitter", splitter)

    def save(self) -> None:
        """Write to disk now."""
        self._store.sync()
