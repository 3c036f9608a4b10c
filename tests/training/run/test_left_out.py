"""What a network answers to the films that its fold left out."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.read import make_config  # noqa: E402
from training.films.folds import LEFT_OUT_FILE  # noqa: E402
from training.run.left_out import write_left_out  # noqa: E402
from trainings import CPU, drawn_films, small_config  # noqa: E402


class LeftHalf(torch.nn.Module):
    """Answers with the grey of the picture's left half: another one to a mirror image."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[float, float]] = []

    def forward(self, images: torch.Tensor, sex: torch.Tensor) -> dict[str, torch.Tensor]:
        half = images.shape[3] // 2
        grey = images[:, 0, :, :half].mean(dim=(1, 2))
        self.seen.append((float(sex.min()), float(sex.max())))
        return {"distribution": grey[:, None].expand(-1, 241)}


def test_it_is_averaged_with_that_of_the_mirror_image_and_stands_with_its_film(tmp_path: Path) -> None:
    films, config = drawn_films(6), make_config(small_config())
    network = LeftHalf()
    write_left_out(tmp_path, network, films, config, CPU)  # type: ignore[arg-type]  # nothing else is asked of it
    with np.load(tmp_path / LEFT_OUT_FILE) as kept:
        ids, chances = kept["ids"].tolist(), kept["chances"]
    assert ids == list(films.ids)
    assert chances.shape == (6, 241)
    mirrored = type(films)(films.ids, films.pixels[:, :, ::-1].copy(), films.months, films.male)
    write_left_out(tmp_path, network, mirrored, config, CPU)  # type: ignore[arg-type]
    with np.load(tmp_path / LEFT_OUT_FILE) as kept:
        assert kept["chances"] == pytest.approx(chances, abs=1e-3), "a mirror image has the same answer"
    assert not network.training
