"""The stages between the film and the network, each a pure function of pixels and parameters.

Seed 1 (Sirati-Amsheh et al. 2023) gives the order: histogram equalisation, Gaussian and Laplacian
sharpening, gamma correction ``O = I ** 2.5``, 280 x 280. It does not print its kernels: ours are parameters
that the model's card names. Seed 2 gives the cleaned background before them.

The film is *first* reduced to ``film_long_side``, so that every filter sees the same scale whatever the
size of the file. The 16 bits of the film become 8 in :func:`equalise` (or, where a bundle leaves that out,
in :func:`scale_to_8_bits`) and nowhere else. Pictures change size in :func:`reduce_film`, :func:`clean` and
:func:`fit_network` and nowhere else. Training and the program call these very functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import cv2
import numpy as np

from bone_age_gui.core.stages.hand import CleaningSpec, HandRegion, find_hand
from bone_age_gui.core.stages.joint_crop import JointCrop, reduced, settled
from bone_age_gui.core.stages.reduction import reduce_film
from bone_age_gui.core.values.bounds import OneOf, Within
from bone_age_gui.core.values.crop_frame import turning
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.strict_json import from_plain, problem_of
from bone_age_gui.core.values.types import Stage


@dataclass(frozen=True)
class SharpeningSpec:
    """Gaussian of ``sigma`` pixels, then its Laplacian taken off ``strength`` times."""

    sigma: Annotated[float, Within(0.05, 100)]
    strength: Annotated[float, Within(0, 100)]


@dataclass(frozen=True)
class PreprocessingSpec:
    """Every parameter between the film and the network; a stage that is ``None`` is left out.

    Attributes
    ----------
    film_long_side : int
        Longer side in pixels to which a larger film is reduced (tent filter); smaller films stay.
    cleaning : CleaningSpec or None
        Collimator borders and empty margin removed; what stays has the shape of the network's input.
    equalisation_bins : int or None
        Grey levels of the equalised picture (at most 256).
    sharpening : SharpeningSpec or None
    gamma : float or None
    network_width, network_height : int
        Of the network's input, pixels. Hands are taller than wide: in a square half of the pixels lie beside them.
    framing : str
        ``"pad"`` (isotropic, black bars) or ``"stretch"`` (as seed 1) where the picture has another shape.
    mean, deviation : float
        The network sees ``(grey / 255 - mean) / deviation``.
    """

    film_long_side: Annotated[int, Within(32, 8192)]
    cleaning: CleaningSpec | None
    equalisation_bins: Annotated[int, Within(2, 256)] | None
    sharpening: SharpeningSpec | None
    gamma: Annotated[float, Within(0.01, 100)] | None
    network_width: Annotated[int, Within(32, 4096)]
    network_height: Annotated[int, Within(32, 4096)]
    framing: Annotated[str, OneOf(("pad", "stretch"))]
    mean: Annotated[float, Within(-10, 10)]
    deviation: Annotated[float, Within(1e-3, 1000)]

    @property
    def network_shape(self) -> tuple[int, int]:
        """Height and width of the network's input, as arrays count them."""
        return self.network_height, self.network_width

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the card."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PreprocessingSpec:
        """Read from a card; a missing, unknown or impossible field raises ``BoneAgeError`` (``bad_card``)."""
        try:
            spec: PreprocessingSpec = from_plain(cls, dict(values), "preprocessing")
        except ValueError as error:
            raise BoneAgeError("bad_card", "preprocessing", problem=problem_of(error)) from error
        return spec


def clean(
    film: np.ndarray, spec: CleaningSpec, width: int, height: int, joints: JointCrop | None = None
) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Cut a box around the hand out of the exposed field; a hand that lies on its side is turned upright.

    Parameters
    ----------
    film : numpy.ndarray
        uint16, (h, w), already reduced.
    width, height : int
        Of the picture returned, pixels.
    joints : JointCrop, optional
        Where the finder sees the hand, in pixels of this film; outranks the thresholds where both disagree.

    Returns
    -------
    tuple
        The picture (uint16, (height, width)), its exposed part (bool, same shape; False outside film and field, where
        the picture is 0), and what was found: ``found``, ``share`` of the film's area kept, ``crop`` (left, top,
        width, height as shares of the film's width and height) and ``tilt`` (degrees, clockwise, by which the crop lay
        turned about its centre).
    """
    tilt = joints.tilt if joints is not None else None
    by_thresholds = region = find_hand(film, spec, width / height, tilt)
    if joints is not None:
        region = settled(region, joints.hand, joints.spec, width / height, spec.tilt_limit)
    picture, exposed = _cut_out(film, region, width, height)
    film_height, film_width = film.shape
    share = min(1.0, float(exposed.sum()) / (height / region.height) ** 2 / film.size)
    left, top = region.centre[0] - region.width / 2, region.centre[1] - region.height / 2
    crop = (left / film_width, top / film_height, region.width / film_width, region.height / film_height)
    values = {"found": region.is_hand, "share": share, "crop": crop, "tilt": region.tilt}
    if joints is not None:
        values["by"] = "thresholds" if region is by_thresholds else "joints"
    return picture, exposed, values


def _cut_out(film: np.ndarray, region: HandRegion, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """The region of a film, upright, as a picture of ``width`` x ``height``, and its exposed part."""
    scale = height / region.height
    # Pixel centres, not corners, lie on the integers: hence the halves.
    turn = scale * turning(region.tilt)
    shift = np.array([width / 2, height / 2]) - turn @ (np.array(region.centre) - 0.5) - 0.5
    matrix = np.column_stack([turn, shift])
    picture = cv2.warpAffine(film, matrix, (width, height), flags=cv2.INTER_LINEAR)
    exposed = cv2.warpAffine(region.field.astype(np.uint8), matrix, (width, height), flags=cv2.INTER_NEAREST) > 0
    picture[~exposed] = 0
    return picture, exposed


def equalise(picture: np.ndarray, exposed: np.ndarray, bins: int) -> np.ndarray:
    """Histogram equalisation over the exposed pixels: 16 bits in, 8 bits out.

    Each grey value becomes the share of exposed pixels at or below it (mid-rank), in ``bins`` levels; unexposed
    pixels become 0. The ranks are taken at the full 16 bits, so a flat film is not posterised and the outcome does
    not depend on bit depth, rescale or window, as long as these keep the order of the greys.
    """
    counts = np.bincount(picture[exposed], minlength=65536).astype(np.float64)
    total = max(counts.sum(), 1.0)
    rank = (np.cumsum(counts) - counts / 2) / total
    table = np.round(np.floor(rank * bins).clip(0, bins - 1) * 255 / (bins - 1)).astype(np.uint8)
    levels = cv2.LUT(picture, table)
    levels[~exposed] = 0
    return levels


def scale_to_8_bits(picture: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Linear grey scale from the darkest to the brightest exposed pixel, for bundles without equalisation."""
    values = picture[exposed]
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 1)
    scaled = (picture.astype(np.float32) - low) * (255 / max(high - low, 1))
    greys = np.clip(np.round(scaled), 0, 255).astype(np.uint8)
    greys[~exposed] = 0
    return greys


def sharpen(picture: np.ndarray, spec: SharpeningSpec) -> np.ndarray:
    """Gaussian smoothing, then Laplacian sharpening (3 x 3, four neighbours): uint8 in and out."""
    smooth = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), spec.sigma)
    edges = cv2.Laplacian(smooth, cv2.CV_32F, ksize=1)
    return np.clip(np.round(smooth - spec.strength * edges), 0, 255).astype(np.uint8)


def correct_gamma(picture: np.ndarray, gamma: float) -> np.ndarray:
    """``O = I ** gamma`` on 0..1: uint8 in and out."""
    table = np.round(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return cv2.LUT(picture, table)


def fit_network(picture: np.ndarray, width: int, height: int, framing: str) -> np.ndarray:
    """Bring a picture (uint8) to ``width`` x ``height``: padded with black or stretched."""
    if framing == "pad":
        picture = _padded(picture, width / height)
    if picture.shape == (height, width):
        return picture
    shrinks = picture.shape[0] > height
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def _padded(picture: np.ndarray, aspect: float) -> np.ndarray:
    """Black bars above and below or at both sides, up to a width of ``aspect`` times the height."""
    height, width = picture.shape
    tall, wide = max(height, round(width / aspect)), max(width, round(height * aspect))
    top, left = (tall - height) // 2, (wide - width) // 2
    if (tall, wide) == (height, width):
        return picture
    return cv2.copyMakeBorder(picture, top, tall - height - top, left, wide - width - left, cv2.BORDER_CONSTANT)


def run_stages(pixels: np.ndarray, spec: PreprocessingSpec, joints: JointCrop | None = None) -> tuple[Stage, ...]:
    """Walk a film (uint16, (h, w), bone bright) through the stages that the spec names, in order.

    ``joints`` are those of the hand to read, in pixels of this film, where a finder saw one.

    Returns
    -------
    tuple of Stage
        ``cleaned`` (uint16), ``equalised``, ``sharpened``, ``gamma``, ``network`` (uint8); those left out by the
        spec are missing, ``network`` is always there.
    """
    stages: list[Stage] = []
    picture = reduce_film(pixels, spec.film_long_side)
    exposed = np.ones(picture.shape, bool)
    if spec.cleaning is not None:
        picture, exposed, outline = clean(
            picture,
            spec.cleaning,
            spec.network_width,
            spec.network_height,
            reduced(joints, pixels.shape, picture.shape) if joints is not None else None,
        )
        stages.append(_stage("cleaned", picture, outline))
    if spec.equalisation_bins is not None:
        bins = spec.equalisation_bins
        picture = equalise(picture, exposed, bins)
        stages.append(_stage("equalised", picture, {"bins": bins}))
    else:
        picture = scale_to_8_bits(picture, exposed)
    if spec.sharpening is not None:
        sharp = spec.sharpening
        picture = sharpen(picture, sharp)
        stages.append(_stage("sharpened", picture, asdict(sharp)))
    if spec.gamma is not None:
        picture = correct_gamma(picture, spec.gamma)
        stages.append(_stage("gamma", picture, {"gamma": spec.gamma}))
    return (*stages, _network_stage(picture, spec))


def _network_stage(picture: np.ndarray, spec: PreprocessingSpec) -> Stage:
    width, height = spec.network_width, spec.network_height
    picture = fit_network(picture, width, height, spec.framing)
    values = {"framing": spec.framing, "mean": spec.mean, "deviation": spec.deviation}
    size = {"width": width, "height": height, **values}
    return _stage("network", picture, size)


def _stage(key: str, picture: np.ndarray, parameters: Mapping[str, Any]) -> Stage:
    pixels = picture.copy()
    pixels.setflags(write=False)
    return Stage(key, pixels, dict(parameters))


def network_input(stages: tuple[Stage, ...], spec: PreprocessingSpec) -> np.ndarray:
    """The last stage as the network's float32 input, shape (1, 1, height, width)."""
    normalised = (stages[-1].pixels.astype(np.float32) / 255 - spec.mean) / spec.deviation
    return normalised[None, None].astype(np.float32)
