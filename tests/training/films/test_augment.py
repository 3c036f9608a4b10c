"""Augmentation moves and regreys films by its own dice, and does nothing where it is switched off."""

from dataclasses import fields, replace

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.films.augment import AugmentSpec, augment  # noqa: E402

OFF = AugmentSpec(**dict.fromkeys((item.name for item in fields(AugmentSpec)), 0.0))


def dice(seed: int = 1) -> "torch.Generator":
    return torch.Generator().manual_seed(seed)


def pictures() -> "torch.Tensor":
    picture = torch.zeros(3, 1, 64, 64)
    picture[:, :, 12:20, 40:52] = 0.8
    return picture


def centre(picture: "torch.Tensor") -> tuple[float, float]:
    y, x = torch.meshgrid(*(torch.arange(float(side)) for side in picture.shape), indexing="ij")
    return float((y * picture).sum() / picture.sum()), float((x * picture).sum() / picture.sum())


def test_switched_off_it_changes_nothing() -> None:
    assert torch.allclose(augment(pictures(), OFF, dice()), pictures().clamp(min=1e-4), atol=2e-3)


def test_a_mirror_turns_left_to_right_and_nothing_else() -> None:
    turned = augment(pictures(), replace(OFF, mirror=1.0), dice())
    assert torch.allclose(turned, pictures().flip(-1), atol=2e-3)


def test_a_tall_picture_is_turned_without_shear() -> None:
    """Two spots stay as far apart as they were, whichever way the line between them points."""
    picture = torch.zeros(8, 1, 144, 96)
    picture[:, :, 70:74, 28:32] = picture[:, :, 70:74, 64:68] = 1.0
    for film in augment(picture, replace(OFF, rotation=60.0), dice(2)):
        (y, x), (y2, x2) = centre(film[0, :, :48]), centre(film[0, :, 48:])
        assert ((y - y2) ** 2 + (x - x2 - 48) ** 2) ** 0.5 == pytest.approx(36, abs=1)


@pytest.mark.parametrize(
    "change, low, high",
    [({"shift": 0.1}, 0.3, 10.0), ({"rotation": 30.0}, 0.3, 25.0), ({"scale": 0.3}, 0.3, 15.0)],
)
def test_every_film_moves_by_its_own_draw_and_within_bounds(change: dict, low: float, high: float) -> None:
    before = centre(pictures()[0, 0])
    moved = [centre(film[0]) for film in augment(pictures(), replace(OFF, **change), dice(3))]
    distances = [((y - before[0]) ** 2 + (x - before[1]) ** 2) ** 0.5 for y, x in moved]
    assert len({round(distance, 3) for distance in distances}) == 3
    assert max(distances) > low
    assert max(distances) < high


@pytest.mark.parametrize(
    "change",
    [
        {"gamma": 0.5},
        {"contrast": 0.4},
        {"noise": 0.1},
        {"sharpness": 0.8},
        {"occlusion": 1.0},
        {"border": 1.0},
        {"blur": 2.0},
        {"jpeg": 1.0},
        {"invert": 0.5},
    ],
)
def test_greys_change_and_stay_in_range(change: dict) -> None:
    spec = replace(OFF, **change)
    once, again, other = (augment(pictures(), spec, dice(seed)) for seed in (1, 1, 2))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)
    assert once.min() >= 0
    assert once.max() <= 1
    assert once.shape == pictures().shape


def test_a_bar_lies_along_one_edge() -> None:
    barred = augment(pictures(), replace(OFF, border=1.0), dice(4))
    edges = torch.stack([barred[:, 0, 0, 1:-1], barred[:, 0, -1, 1:-1], barred[:, 0, 1:-1, 0], barred[:, 0, 1:-1, -1]])
    assert ((edges > 0.3).all(dim=2).sum(dim=0) == 1).all()


def test_blur_keeps_the_light_and_takes_the_edges() -> None:
    blurred = augment(pictures(), replace(OFF, blur=3.0), dice(2))
    assert torch.allclose(blurred.sum(dim=(1, 2, 3)), pictures().sum(dim=(1, 2, 3)), rtol=0.02)
    steepest = [float(film.diff(dim=-1).abs().max()) for film in blurred]
    assert len({round(value, 3) for value in steepest}) == 3  # each film by its own draw
    assert min(steepest) < 0.5


def test_a_negative_is_a_negative() -> None:
    turned = augment(pictures(), replace(OFF, invert=1.0), dice())
    assert torch.allclose(turned, 1 - pictures(), atol=2e-3)
