"""Codes of the structured report.

Bone age is LOINC 85151-9, the procedure LOINC 37362-1, the chronological age DCM 121033 and the deviation in SD
DCM 121416. What no public scheme codes has a private code (``99BONEAGE``) with a plain meaning. A code's value never
changes, so that older reports stay readable by it; only its meaning, which is for people, may (``STANDS``).
"""

from __future__ import annotations

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from bone_age_gui.core.values.types import Flag

BONE_AGE = Code("85151-9", "LN", "XR Bone age")
PROCEDURE = Code("37362-1", "LN", "Bones X-ray bone age")
SUBJECT_AGE = codes.DCM.SubjectAge
SD_SCORE = codes.DCM.ZScoreOfMeasurement
PRIVATE = "99BONEAGE"
DIFFERENCE = Code("DIFFERENCE", PRIVATE, "Bone age less chronological age")
ASSESSMENT = Code("ASSESSMENT", PRIVATE, "Bone age assessment")
FIRMNESS = Code("FIRMNESS", PRIVATE, "Whether the assessment is firm or borderline")
CHANCE = Code("CHANCE", PRIVATE, "Probability of a bone age beyond the limit")
QUALITY = Code("QUALITY", PRIVATE, "Whether the film can be trusted")
LIMIT = Code("LIMIT", PRIVATE, "The bone age is a limit only")
FINAL = Code("STANDS", PRIVATE, "Final bone age")
FINAL_ASSESSMENT = Code("STANDS-FLAG", PRIVATE, "Assessment of the final bone age")
BODY_HEIGHT = Code("8302-2", "LN", "Body height")
HEIGHT_SD = Code("HEIGHT-SD", PRIVATE, "SD score of the body height")
ADULT_HEIGHT = Code("ADULT-HEIGHT", PRIVATE, "Adult height predicted by Bayley and Pinneau")
PERCENT_REACHED = Code("HEIGHT-PERCENT", PRIVATE, "Share of the adult height that is reached")
TARGET_HEIGHT = Code("TARGET-HEIGHT", PRIVATE, "Target height by the heights of the parents")
READING = Code("READING", PRIVATE, "Reading by a person")
_LANGUAGES = {"de": "German", "en": "English", "fa": "Persian"}
MONTH = codes.UCUM.Month
CENTIMETRE = codes.UCUM.Centimeter
NORMALITY = {
    Flag.NORMAL: codes.SCT.Normal,
    Flag.ADVANCED: codes.cid222.AbnormallyHigh,
    Flag.DELAYED: codes.cid222.AbnormallyLow,
    Flag.INDETERMINATE: codes.cid222.NormalityUndetermined,
}


def language_code(language: str) -> Code:
    """A language by its code of RFC 5646 (CID 5000)."""
    return Code(language, "RFC5646", _LANGUAGES.get(language, language))
