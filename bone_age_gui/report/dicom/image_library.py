"""The image library of a structured report (TID 1600): the film, its size and its side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.report.dicom.study import Study

if TYPE_CHECKING:
    from highdicom import sr

_PIXELS = Code("{pixels}", "UCUM", "Pixels")
_SIDES = {"L": codes.SCT.Left, "R": codes.SCT.Right}
_MODALITIES = {
    "CR": codes.cid29.ComputedRadiography,
    "DX": codes.cid29.DigitalRadiography,
}


def image_library(record: CaseRecord, study: Study) -> sr.ContainerContentItem:
    """The container that follows the procedure reported; only for a film that an archive knows."""
    from highdicom import sr

    acquired = sr.RelationshipTypeValues.HAS_ACQ_CONTEXT
    image = sr.ImageContentItem(
        codes.SCT.Source, study.tags.SOPClassUID, study.tags.SOPInstanceUID,
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )  # fmt: skip
    about: list[sr.ContentItem] = []
    if (modality := _MODALITIES.get(record.modality or "")) is not None:
        about.append(sr.CodeContentItem(codes.DCM.Modality, modality, relationship_type=acquired))
    if (side := _SIDES.get(record.laterality or "")) is not None:
        about.append(sr.CodeContentItem(codes.DCM.ImageLaterality, side, relationship_type=acquired))
    for name, value in (
        (codes.DCM.PixelDataRows, record.film_rows),
        (codes.DCM.PixelDataColumns, record.film_columns),
    ):
        if value is not None:
            about.append(sr.NumContentItem(name, value, _PIXELS, relationship_type=acquired))
    if about:
        image.ContentSequence = sr.ContentSequence(about)
    return _container(codes.DCM.ImageLibrary, _container(codes.DCM.ImageLibraryGroup, image))


def _container(name: Code, inside: sr.ContentItem) -> sr.ContainerContentItem:
    from highdicom import sr

    container = sr.ContainerContentItem(name, relationship_type=sr.RelationshipTypeValues.CONTAINS)
    container.ContentSequence = sr.ContentSequence([inside])
    return container
