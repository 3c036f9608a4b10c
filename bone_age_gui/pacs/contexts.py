"""Which objects this program fetches and sends by DIMSE, and in which transfer syntaxes.

pynetdicom proposes uncompressed syntaxes only, and an association holds 128 contexts at most. Each context here
offers one syntax, so that an archive hands a film out as it keeps it instead of decoding it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydicom import uid

if TYPE_CHECKING:
    from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
    from pynetdicom.presentation import PresentationContext

ECHO = uid.UID("1.2.840.10008.1.1")
FIND = uid.UID("1.2.840.10008.5.1.4.1.2.2.1")
GET = uid.UID("1.2.840.10008.5.1.4.1.2.2.3")
"""Verification, and Query/Retrieve at the study root."""
FILM_CLASSES = (
    uid.ComputedRadiographyImageStorage,
    uid.DigitalXRayImageStorageForPresentation,
    uid.DigitalXRayImageStorageForProcessing,
    uid.SecondaryCaptureImageStorage,
)
REPORT_CLASSES = (
    uid.BasicTextSRStorage,
    uid.EnhancedSRStorage,
    uid.ComprehensiveSRStorage,
    uid.Comprehensive3DSRStorage,
)
SENT_CLASSES = (*REPORT_CLASSES, uid.EncapsulatedPDFStorage, uid.SecondaryCaptureImageStorage)
PLAIN_SYNTAXES = (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian)
FILM_SYNTAXES = (
    uid.JPEGLSLossless,
    uid.JPEGLSNearLossless,
    uid.JPEG2000Lossless,
    uid.JPEG2000,
    uid.HTJ2KLossless,
    uid.HTJ2KLosslessRPCL,
    uid.HTJ2K,
    uid.JPEGLosslessSV1,
    uid.JPEGLossless,
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.RLELossless,
    uid.DeflatedExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    *PLAIN_SYNTAXES,
)


def verifying() -> list[PresentationContext]:
    """The context of a C-ECHO."""
    from pynetdicom.presentation import build_context

    return [build_context(ECHO, list(PLAIN_SYNTAXES))]


def finding() -> list[PresentationContext]:
    """The context of a C-FIND at the study root."""
    from pynetdicom.presentation import build_context

    return [build_context(FIND, list(PLAIN_SYNTAXES))]


def fetching(
    syntaxes: tuple[uid.UID, ...] = FILM_SYNTAXES,
) -> tuple[list[PresentationContext], list[SCP_SCU_RoleSelectionNegotiation]]:
    """Contexts and roles of a C-GET: the archive stores films and structured reports here over the same connection."""
    from pynetdicom.presentation import build_context, build_role

    contexts = [build_context(GET, list(PLAIN_SYNTAXES))]
    contexts += [build_context(kind, syntax) for kind in FILM_CLASSES for syntax in syntaxes]
    contexts += [build_context(kind, syntax) for kind in REPORT_CLASSES for syntax in PLAIN_SYNTAXES]
    return contexts, [build_role(kind, scp_role=True) for kind in (*FILM_CLASSES, *REPORT_CLASSES)]


def sending(wanted: Iterable[tuple[str, str]]) -> list[PresentationContext]:
    """A context for each class and syntax, by their UIDs, of what is to be sent."""
    from pynetdicom.presentation import build_context

    return [build_context(kind, syntax) for kind, syntax in dict.fromkeys(wanted)]
