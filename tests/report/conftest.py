"""Films that went down the whole line."""

from cases import (  # noqa: F401
    estimate,
    girl_case,
    picture_case,
    record,
    reference,
    refused_case,
    secret_case,
)
