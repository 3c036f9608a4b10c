"""Arrays to Qt images."""

from __future__ import annotations

import numpy as np
import pytest

from bone_age_gui.gui.view.qimage import (
    Windowing,
    as_uint16,
    grey_image,
    heat_image,
    smaller_copies,
    thumbnail,
    windowed_image,
)


@pytest.mark.parametrize("width", [1, 3, 7, 8, 101])
def test_odd_widths_do_not_shear(width: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, width), np.uint8)
    image = grey_image(pixels[:, ::-1])
    seen = np.array([[image.pixelColor(x, y).red() for x in range(width)] for y in range(9)])
    np.testing.assert_array_equal(seen, pixels[:, ::-1])


def test_the_whole_range_shows_the_upper_byte() -> None:
    greys = np.arange(256, dtype=np.uint16) * 257
    np.testing.assert_array_equal(Windowing().table()[greys], np.arange(256))
    np.testing.assert_array_equal(Windowing(inverted=True).table()[greys], np.arange(255, -1, -1))


def test_a_narrow_window_clips() -> None:
    table = Windowing(centre=30_000, width=1000).table()
    assert table[29_000] == 0
    assert table[31_000] == 255
    assert abs(int(table[30_000]) - 128) <= 1


def test_dragging_right_widens_and_down_brightens() -> None:
    start = Windowing(centre=30_000, width=10_000)
    assert start.dragged(0.1, 0).width > start.width
    assert start.dragged(0, 0.1).table()[30_000] > start.table()[30_000]
    far = start.dragged(-50, 50)
    assert far.width >= 256
    assert far.centre >= 0


def test_smaller_copies_keep_the_mean() -> None:
    pixels = np.random.default_rng(1).integers(0, 65536, (1600, 1200), np.uint16)
    copies = smaller_copies(pixels)
    assert [copy.shape for copy in copies] == [(1600, 1200), (800, 600), (400, 300)]
    assert abs(copies[-1].mean() - pixels.mean()) < 10


def test_bytes_are_spread_over_sixteen_bits() -> None:
    assert as_uint16(np.array([[0, 1, 255]], np.uint8)).tolist() == [[0, 257, 65535]]


def test_thumbnail_keeps_the_shape_of_the_film() -> None:
    assert thumbnail(np.zeros((2000, 1000), np.uint16), Windowing()).shape == (96, 48)
    assert thumbnail(np.zeros((100, 5000), np.uint16), Windowing()).shape == (2, 96)


def test_cold_places_of_the_heat_map_are_clear() -> None:
    heat = np.zeros((8, 8), np.float32)
    heat[2, 5] = 1
    image = heat_image(heat, (280, 280))
    assert (image.width(), image.height()) == (280, 280)
    assert image.pixelColor(20, 260).alpha() == 0
    assert image.pixelColor(int(5.5 * 35), int(2.5 * 35)).alpha() > 100


def test_a_windowed_film_is_an_image_of_its_size() -> None:
    image = windowed_image(np.full((5, 3), 65535, np.uint16), Windowing())
    assert (image.width(), image.height()) == (3, 5)
    assert image.pixelColor(2, 4).red() == 255
