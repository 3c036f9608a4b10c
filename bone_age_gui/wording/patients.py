"""The mistakes of a table of patients, in words: never a value of the table."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.templates import Plural, Template, fill
from bone_age_gui.wording.typed_values import wrong_value_words

MISTAKES: dict[str, Template] = {
    "closed": "the file cannot be opened",
    "encoding": "line {line}: this is not UTF-8 text; save the table as 'CSV UTF-8'",
    "ambiguous": "line {line}: {films} films have this name; give the path in the folder",
    "again": "line {line}: the same film as in line {first}",
    "quotation": "line {line}: a quotation mark is missing or too much",
    "no_columns": "line {line}: the first line should name the columns, 'file' among them (known: {known})",
    "unknown_column": "line {line}: unknown column {place} (known: {known})",
    "column_twice": "line {line}: the column '{name}' occurs twice",
    "fields": Plural(
        "line {line}: {fields} field instead of {columns}",
        "line {line}: {fields} fields instead of {columns}",
        "fields",
    ),
    "no_file": "line {line}: 'file' is empty",
    "value": "line {line}: {problem}",
    "two_ages": "line {line}: give 'birth_date' or 'age_months', not both",
    "before_birth": "line {line}: 'study_date' lies before 'birth_date'",
}
"""By the code of the mistake."""


def mistake_words(mistake: Fact) -> str:
    """What is wrong with one line of the table, as a sentence."""
    details = dict(mistake.details)
    problem = details.get("problem")
    if isinstance(problem, tuple) and isinstance(problem[0], Fact):
        details["problem"] = wrong_value_words(f"'{details['column']}'", problem[0])
    return fill(MISTAKES[mistake.code], details)
