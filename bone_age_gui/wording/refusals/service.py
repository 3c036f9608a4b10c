"""Refusals of the HTTP service: what it does not take, and why it does not start."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.refusals.template import Details, Refusal
from bone_age_gui.wording.templates import joined
from bone_age_gui.wording.typed_values import wrong_value_words

_FIELD = "A field is wrong"
_TOKEN = "The token cannot be used"
_MAKE_ONE = "Make one with: openssl rand -hex 32."


def _problem(details: Details) -> Details:
    problem = details["problem"]
    assert isinstance(problem, tuple)
    words = [wrong_value_words(str(each.details["name"]), each) for each in problem if isinstance(each, Fact)]
    return {"problem": joined(words)}


_TICK = "To have an estimate all the same, marked as doubtful, choose the film again and tick the box."
FORM_ADVICE = {
    "no_hand": _TICK,
    "part_of_hand": _TICK,
    "illegible": _TICK,
    "two_hands": "Choose the film again, and which hand is meant.",
}
"""By the code of a refusal: what the upload page can do about it."""
SERVICE = {
    "wrong_host": Refusal(
        "The address is not known here",
        "The service does not answer under the name by which it was asked. Use the address that whoever runs it gives "
        "you; a new name has to be allowed there.",
    ),
    "no_token": Refusal(
        "A token is needed",
        "Send it as 'Authorization: Bearer TOKEN', or type it as the password in a browser; any user name will do.",
    ),
    "cross_site": Refusal(
        "The form comes from another site",
        "Films are taken from this service's own page, or from programs. Open the page of the service itself.",
    ),
    "upload_too_large": Refusal(
        "The upload is too large",
        "A radiograph is much smaller. Send one film at a time, and a large one compressed; whoever runs the service "
        "can let it take more.",
    ),
    "upload_too_slow": Refusal(
        "The upload takes too long", "It was given up. Send the film again over a faster connection."
    ),
    "no_form": Refusal("This is no form", "Send multipart/form-data with the film's file in the field 'film'."),
    "no_film": Refusal(
        "There is no film",
        "Choose the file of one film, and send it. Programs send multipart/form-data with one file in the field "
        "'film', and its file name.",
    ),
    "bad_field unknown": Refusal(_FIELD, "There is a field that is not known here. Send only these: film, {known}."),
    "bad_field twice": Refusal(_FIELD, "{name} is given more than once. Give it once."),
    "bad_field both": Refusal(_FIELD, "Give birth_date or age_months, not both."),
    "bad_field order": Refusal(_FIELD, "study_date lies before birth_date: check both."),
    "bad_field value": Refusal(_FIELD, "{problem}. Correct it, and send the film again.", _problem),
    "busy": Refusal(
        "Too many films are waiting",
        "Send the film again in a minute. Programs find the seconds to wait in the header Retry-After.",
    ),
    "stopping": Refusal("The service is stopping", "Try again when it runs."),
    "gone": Refusal(
        "Nobody waits for the answer",
        "The connection was closed before the film's turn came. Send the film again.",
    ),
    "not_found": Refusal(
        "There is nothing at this address", "See /openapi.json for what there is, or open / to upload a film."
    ),
    "wrong_method": Refusal("This address takes another method", "Use one of those that the header Allow names."),
    "bad_request": Refusal("The request cannot be understood", "Check it against /openapi.json."),
    "no_service": Refusal(
        "The web service is not installed",
        "It needs the extra 'service': install it with pip install 'bone-age-gui[service]'. The stand-alone program "
        "from an installer does not bring it.",
    ),
    "token_demanded": Refusal(
        "A token is needed for this address",
        "Other computers could reach the service. Put a secret of at least {length} characters into the environment "
        "variable BONE_AGE_TOKEN, or into a file that only you may read.",
    ),
    "bad_token short": Refusal(
        _TOKEN, f"It should have at least {{length}} letters or digits, and no blanks. {_MAKE_ONE}"
    ),
    "bad_token open": Refusal(
        _TOKEN, "Everybody on this computer may read its file. Take that right away: chmod o-rwx."
    ),
    "bad_token unreadable": Refusal(
        _TOKEN, "Its file cannot be read ({kind}). Check that it is there, and that you may read it."
    ),
    "no_address": Refusal(
        "The service cannot listen at this address",
        "The system says: {system}. Choose another address or port, or stop the program that has it.",
    ),
    "no_address port": Refusal(
        "The service cannot listen at this address", "There is no such port. Choose a number up to 65535."
    ),
}
