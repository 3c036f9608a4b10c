"""What the line needs of a bundle before the age is estimated, in a process of its own."""

from __future__ import annotations

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.finder.network import Finder, open_finder


class PreparingModel:
    """A bundle with its finder, which is opened at first use; may be sent to another process.

    Parameters
    ----------
    bundle : Bundle
        The model.
    threads : int
        Threads of the finder.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        self.bundle = bundle
        self._threads = threads
        self._finder: Finder | None = None

    @property
    def finder(self) -> Finder | None:
        """The finder, ``None`` where the bundle brings none.

        Raises ``BoneAgeError`` (``model_damaged model_unusable bad_signature``).
        """
        if self._finder is None:
            self._finder = open_finder(self.bundle.finder_path, self.bundle.card.finder, self._threads)
        return self._finder

    def __reduce__(self) -> tuple[type[PreparingModel], tuple[Bundle, int]]:
        """Sessions stay where they are: the other process opens its own."""
        return type(self), (self.bundle, self._threads)
