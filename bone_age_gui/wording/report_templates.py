"""The sentences of the reports, whole, with named places; ``wording.report`` chooses and fills them."""

from __future__ import annotations

from bone_age_gui.core.values.growth_end import GrowthEnd

HEADINGS = {
    "patient": "Patient", "comparison": "Comparison", "method": "Method", "bone_age": "Bone age",
    "reference": "Reference", "adult_height": "Adult height", "impression": "Impression", "flag": "Flag",
    "models_flag": "Model's flag", "model": "Model", "sha256": "Model SHA-256", "preprocessing": "Preprocessing",
    "program": "Program", "made": "Made",
}  # fmt: skip
METHODS = {
    "L": (
        "Radiograph of the left {part}, read by the model {model}, which learned from readings by the atlas of "
        "Greulich and Pyle."
    ),
    "R": (
        "Radiograph of the right {part}, read by the model {model}, which learned from readings by the atlas of "
        "Greulich and Pyle. It is a right hand; the atlas shows left ones."
    ),
    "?": (
        "Radiograph of the {part}, read by the model {model}, which learned from readings by the atlas of "
        "Greulich and Pyle. Which hand it is, is not stated."
    ),
    "L modality": (
        "Radiograph of the left {part} ({modality}), read by the model {model}, which learned from readings by the "
        "atlas of Greulich and Pyle."
    ),
    "R modality": (
        "Radiograph of the right {part} ({modality}), read by the model {model}, which learned from readings by the "
        "atlas of Greulich and Pyle. It is a right hand; the atlas shows left ones."
    ),
    "? modality": (
        "Radiograph of the {part} ({modality}), read by the model {model}, which learned from readings by the atlas "
        "of Greulich and Pyle. Which hand it is, is not stated."
    ),
}
"""By the side, ``?`` where it is not known, and by whether there is a modality."""
METHODS_OF_OTHERS = {
    "L": "Radiograph of the left {part}, read by the model {model}, which learned from these films: {films}.",
    "R": (
        "Radiograph of the right {part}, read by the model {model}, which learned from these films: {films}. "
        "It is a right hand."
    ),
    "?": (
        "Radiograph of the {part}, read by the model {model}, which learned from these films: {films}. "
        "Which hand it is, is not stated."
    ),
    "L modality": (
        "Radiograph of the left {part} ({modality}), read by the model {model}, which learned from these films: "
        "{films}."
    ),
    "R modality": (
        "Radiograph of the right {part} ({modality}), read by the model {model}, which learned from these films: "
        "{films}. It is a right hand."
    ),
    "? modality": (
        "Radiograph of the {part} ({modality}), read by the model {model}, which learned from these films: {films}. "
        "Which hand it is, is not stated."
    ),
}
"""The same of a model that did not learn from the films that were read by the atlas."""
PATIENT = "Sex: {sex}. Study date: {day}. Chronological age at the study date: {age}."
DECISIONS = {
    "reader": "The reader's bone age is {own}: it is the final one, in place of the model's {model}.",
    "model": "The reader accepted the model's bone age.",
    "model own": "The reader accepted the model's bone age; the reader's bone age is {own}.",
    "undecided": (
        "The reader's bone age is {own}. It was not yet decided which one is final; the model's is used here."
    ),
    "nobody": "No reader has given or accepted a bone age: this is the model's alone.",
}
BONE_AGES = {
    "": "The model's bone age is {age}.",
    "interval": "The model's bone age is {age}, {interval}.",
    "mature": "The model's bone age is {age}: the hand is {mature}.",
    "mature interval": "The model's bone age is {age}: the hand is {mature}, {interval}.",
}
SPREADS = {
    "F": "{reference}: girls of this age have a standard deviation of {sd:.1f} months.",
    "M": "{reference}: boys of this age have a standard deviation of {sd:.1f} months.",
    "?": "{reference}: children of this age have a standard deviation of {sd:.1f} months.",
    "F mean": (
        "{reference}: girls of this age have a mean bone age of {mean} and a standard deviation of {sd:.1f} months."
    ),
    "M mean": (
        "{reference}: boys of this age have a mean bone age of {mean} and a standard deviation of {sd:.1f} months."
    ),
    "? mean": (
        "{reference}: children of this age have a mean bone age of {mean} and a standard deviation of {sd:.1f} months."
    ),
}
"""By the sex, and by whether the mean is known."""
NORMAL_RANGE = (
    "{limit:g} SD about the chronological age give a normal range of {range} ({low:.1f} to {high:.1f} months)."
)
RULES = {
    "reader": "A reader's bone age has no distribution: the limit alone decides.",
    "model": (
        "The flag is borderline where the bone age lies beyond that limit with a probability of {below:g} to "
        "{above:g} %."
    ),
}
ASSESSMENTS = {
    "normal": "{final}, {difference} from the chronological age, within {limit:g} SD of the chronological age: {flag}.",
    "advanced": (
        "{final}, {difference} from the chronological age, more than {limit:g} SD above the chronological age: {flag}."
    ),
    "delayed": (
        "{final}, {difference} from the chronological age, more than {limit:g} SD below the chronological age: {flag}."
    ),
    "normal chance": (
        "{final}, {difference} from the chronological age, within {limit:g} SD of the chronological age: {flag} "
        "(beyond that limit with a probability of {chance})."
    ),
    "advanced chance": (
        "{final}, {difference} from the chronological age, more than {limit:g} SD above the chronological age: {flag} "
        "(beyond that limit with a probability of {chance})."
    ),
    "delayed chance": (
        "{final}, {difference} from the chronological age, more than {limit:g} SD below the chronological age: {flag} "
        "(beyond that limit with a probability of {chance})."
    ),
    "indeterminate": "{final}, {difference} from the chronological age: {flag}.",
    "uncompared": "{final}; not compared with the chronological age.",
}
"""By the flag, and by whether the probability of lying beyond the limit is known."""
WIDE_AGE = "The age is known only as {ages}, over which the flag changes."
BONE_AGE_NAMES = {
    "model": {
        None: "Bone age (model)",
        GrowthEnd.AT_LEAST: "Bone age (model), skeletally mature: at least",
        GrowthEnd.AT_MOST: "Bone age (model), at most",
    },
    "reader": {
        None: "Bone age (reader)",
        GrowthEnd.AT_LEAST: "Bone age (reader), skeletally mature: at least",
        GrowthEnd.AT_MOST: "Bone age (reader), at most",
    },
}
"""By whose bone age is final, and by whether it is a limit only."""
LINES = {
    "difference": "Difference: {difference}",
    "model says": "The model says {age}",
    "no interval": "The model gives no interval.",
    "interval": "{name} {range}",
    "model": "{name} {version} on {device}",
    "doubts": "{name}: {reasons}",
    "remark": "Remark: {remark}",
    "flag": "{flag}. {reason}",
    "final": "Bone age {age}",
    "reference": "{name} ({population})",
}
