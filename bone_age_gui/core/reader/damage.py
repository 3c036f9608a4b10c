"""Whether pixels look as no detector makes them: rows of noise, rows that come again and again, plain rows that begin
in the middle of a row, and neighbours that lie a whole range apart."""

from __future__ import annotations

import numpy as np

from bone_age_gui.core.values.quality import Notice

_NOISE = 0.18
"""Mean difference of neighbours in a row, as a share of the range: that of noise is a third."""
_REPEATED = 12
"""So many equal rows that are not plain come from no detector."""
_VARIED = 0.15
"""Share of neighbours in a row that differ where a film has content."""
_PLAIN_ROWS = 8
_HALF = 0.4
_STEP_SHARE = 0.05
_APART = 0.75
"""Difference of neighbours, as a share of the range, that is seen at the edges of letters and little else."""
_MOST_APART = 0.0003
"""Share of pixels that may be so far from both neighbours: in whole films, letters among them, it was 0.00006 at most,
in damaged ones at least 0.001."""


def looks_damaged(pixels: np.ndarray, span: float) -> bool:
    """True for rows that no detector makes.

    Parameters
    ----------
    pixels : numpy.ndarray
        Stored values, shape (height, width).
    span : float
        Their range: highest less lowest number that they can hold.
    """
    if len(pixels) <= 2 * _REPEATED:
        return False
    return _has_noise(pixels, span) or _has_equal_rows(pixels) or _is_half_plain(pixels) or _has_step_into_plain(pixels)


def is_torn(pixels: np.ndarray, span: float) -> bool:
    """True if many pixels lie a whole range apart from their neighbours.

    Codecs that add differences up go on from a wrong one, and what is too high begins again at nothing. Arguments as in
    ``looks_damaged``.
    """
    grey = pixels.astype(np.int32)
    shares = []
    for rows in (grey, grey.T):
        apart = np.abs(np.diff(rows[::2], axis=1)) > _APART * span
        shares.append((apart[:, 1:] & apart[:, :-1]).mean())
    return bool(np.mean(shares) > _MOST_APART)


def _has_noise(pixels: np.ndarray, span: float) -> bool:
    """Some rows, but not most of them, are noise."""
    width = pixels.shape[1] // 4 * 4
    pairs = pixels[:, 1:width:4].astype(np.int32) - pixels[:, :width:4]
    neighbours = np.abs(pairs).mean(axis=1)
    noisy = neighbours > _NOISE * span
    return bool(noisy.any() and noisy.mean() < 0.9 and np.median(neighbours[~noisy]) < _NOISE * span / 2)


def _has_equal_rows(pixels: np.ndarray) -> bool:
    """Many rows in a row are equal, and hold more than plain parts and letters."""
    same = np.concatenate(([False], (pixels[1:] == pixels[:-1]).all(axis=1)))
    if _longest(same) < _REPEATED:
        return False
    varied = (pixels[:, 1:] != pixels[:, :-1]).mean(axis=1) > _VARIED
    return _longest(same & varied) >= _REPEATED


def _longest(flags: np.ndarray) -> int:
    """Length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _has_step_into_plain(pixels: np.ndarray) -> bool:
    """Plain rows begin, or end, within a row, where the row beside it goes on."""
    return _steps(pixels) or _steps(pixels[::-1, ::-1])


def _is_half_plain(pixels: np.ndarray) -> bool:
    """Nearly half of the film is plain: rather what is missing than a collimator."""
    return _longest((pixels == pixels[:, :1]).all(axis=1)) >= _HALF * len(pixels)


def _steps(pixels: np.ndarray) -> bool:
    width = pixels.shape[1]
    differs = pixels != pixels[:, -1:]
    # Where the plain tail of each row begins: 0 for a plain row.
    tails = np.where(differs.any(axis=1), width - np.argmax(differs[:, ::-1], axis=1), 0)
    plain = tails == 0
    for row in np.flatnonzero(~plain[:-_PLAIN_ROWS] & plain[1 : 1 - _PLAIN_ROWS]):
        below = pixels[row + 1 : row + 1 + _PLAIN_ROWS]
        if not plain[row + 1 : row + 1 + _PLAIN_ROWS].all() or (below != pixels[row, -1]).any():
            continue
        top = row
        while top > 0 and tails[top - 1] == tails[row]:  # blocks of rows end together
            top -= 1
        if top > 0 and tails[top - 1] - tails[row] > _STEP_SHARE * width:
            above = pixels[top - 1]
            beyond = above[tails[row] : tails[top - 1]]
            if min(np.mean(part[1:] != part[:-1]) for part in (above, beyond)) > _VARIED:  # film, and no letters
                return True
    return False


def doubt() -> Notice:
    """What is said of a film of which some pixels may be wrong."""
    return Notice("perhaps_damaged", loud=True, doubt=True)
