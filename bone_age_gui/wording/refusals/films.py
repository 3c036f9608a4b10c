"""Why a film is refused. Keys are the code, or code and reason: ``"unreadable permission"``."""

from __future__ import annotations

from bone_age_gui.wording.refusals.template import Refusal
from bone_age_gui.wording.templates import Plural

_CLOSED = "The file cannot be opened"
_DAMAGED = "The file is damaged or incomplete"
_LARGE = "The picture is too large"
_EXCESSIVE = "The file asks for far too much"
_AGAIN = "It may be damaged or made to harm. Export the radiograph again."
_COMPRESSION = "This kind of compression is not supported"
_ILLEGIBLE = "Too spoilt to be read"
_NO_HAND = "No hand on this film"

FILMS: dict[str, Refusal] = {
    "unreadable folder": Refusal(
        _CLOSED, "This is a folder, not a file. Check that it exists and may be read, then try again."
    ),
    "unreadable missing": Refusal(
        _CLOSED, "The file is not there. Check that it exists and may be read, then try again."
    ),
    "unreadable ordinary": Refusal(
        _CLOSED, "This is not an ordinary file. Check that it exists and may be read, then try again."
    ),
    "unreadable permission": Refusal(
        _CLOSED, "You have no permission to read it. Check that it exists and may be read, then try again."
    ),
    "unreadable undelivered": Refusal(
        _CLOSED, "The disk or network did not deliver it. Check that it exists and may be read, then try again."
    ),
    "empty no_data": Refusal("The file is empty", "It holds no data at all. Copy or export the radiograph again."),
    "empty blank": Refusal(
        "The film is blank",
        "Every pixel has the same value, so there is no hand to see. Export the radiograph again.",
    ),
    "not_an_image": Refusal(
        "Not a radiograph",
        "This is neither a DICOM file nor a PNG, JPEG, TIFF or WebP picture. Choose the radiograph itself.",
    ),
    "truncated": Refusal(
        _DAMAGED,
        "It ends too early or contradicts itself, perhaps because a copy was interrupted. "
        "Copy or export the radiograph again.",
    ),
    "truncated senseless": Refusal(
        "The grey scale of the film makes no sense",
        "Its rescale numbers are far beyond anything that a radiograph has, so that its greys cannot be trusted. "
        "Export the radiograph again.",
    ),
    "multi_frame": Refusal(
        "More than one picture in the file",
        Plural(
            "The file holds {frames} picture and only a single radiograph can be estimated. "
            "Export the hand radiograph alone.",
            "The file holds {frames} pictures and only a single radiograph can be estimated. "
            "Export the hand radiograph alone.",
            "frames",
        ),
    ),
    "colour": Refusal(
        "A colour picture, not a radiograph",
        "Radiographs are grey. Export the radiograph itself, or save a scanned film as greyscale.",
    ),
    "too_small": Refusal(
        "The picture is too small",
        "It has {width} x {height} pixels; at least {least} on each side are needed. "
        "Export the radiograph at full size, not its preview.",
    ),
    "too_small oblong": Refusal(
        "The picture is too long and narrow",
        "It has {width} x {height} pixels, which is no shape of a hand radiograph. Choose the radiograph itself.",
    ),
    "too_large": Refusal(
        _LARGE,
        "It has {width} x {height} pixels, far more than a hand radiograph has. "
        "Choose the radiograph itself, or export it at its usual size.",
    ),
    "too_large file": Refusal(
        _LARGE,
        "The file has {megabytes:.0f} MB, far more than a hand radiograph has. "
        "Choose the radiograph itself, or export it at its usual size.",
    ),
    "too_large unread": Refusal(
        _LARGE,
        "It has far more than a hundred million pixels, far more than a hand radiograph has. "
        "Choose the radiograph itself, or export it at its usual size.",
    ),
    "too_large deep": Refusal(
        _LARGE,
        "Its pixels take {megabytes:.0f} MB, far more than those of a hand radiograph. "
        "Choose the radiograph itself, or export it as a grey picture.",
    ),
    "excessive levels": Refusal(
        _EXCESSIVE, "Its picture is halved {levels} times, more often than any film can be. " + _AGAIN
    ),
    "excessive pieces": Refusal(
        _EXCESSIVE, "Its picture is cut into {pieces} pieces, far more than any film. " + _AGAIN
    ),
    "excessive scans": Refusal(
        _EXCESSIVE, "Its picture is drawn {scans} times over, where ten times would do. " + _AGAIN
    ),
    "excessive value": Refusal(
        _EXCESSIVE, "One of its tags, which should be a few words, has {kilobytes:.0f} kB. " + _AGAIN
    ),
    "excessive header": Refusal(
        _EXCESSIVE, "More than {megabytes:.0f} MB stand in front of its pixels, far more than in any film. " + _AGAIN
    ),
    "excessive items": Refusal(
        _EXCESSIVE, "Its lists have {items} entries, far more than those of any film. " + _AGAIN
    ),
    "excessive inflated": Refusal(_EXCESSIVE, "Unpacked it becomes more than {megabytes:.0f} MB. " + _AGAIN),
    "excessive runs": Refusal(_EXCESSIVE, "Its pixels go on far behind the last one of the film. " + _AGAIN),
    "no_pixel_data": Refusal(
        "No picture in this DICOM file",
        "It holds no pixel data: it may be a report, an index or only a header. Choose the film of the study.",
    ),
    "no_pixel_data report": Refusal(
        "A report, no radiograph",
        "It is a structured report on an examination. Opened in the window, or left among the films of a folder, its "
        "bone age stands with the films of the same child. To estimate, choose the film itself.",
    ),
    "unsupported_syntax": Refusal(
        _COMPRESSION,
        "The pixels are stored as {what}. Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "unsupported_syntax grey": Refusal(
        _COMPRESSION,
        "The pixels are stored as an unknown kind of grey. "
        "Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "unsupported_syntax transfer": Refusal(
        _COMPRESSION,
        "The pixels are stored as an unknown transfer syntax. "
        "Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "unsupported_syntax bits": Refusal(
        _COMPRESSION,
        "The pixels are stored as {bits} bits in a pixel. "
        "Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "unsupported_syntax channels": Refusal(
        _COMPRESSION,
        "The pixels are stored as {channels} channels. "
        "Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "unsupported_syntax cells": Refusal(
        _COMPRESSION,
        "The pixels are stored as {channels} channels of {bits} bits. "
        "Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "unsupported_syntax numbers": Refusal(
        _COMPRESSION,
        "The pixels are stored as numbers of the kind {kind}. "
        "Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
    ),
    "no_hand": Refusal(
        _NO_HAND,
        "No joints of a hand were seen. Open a film of a child's whole hand with the wrist, seen from the "
        "front, or insist if this is one.",
    ),
    "no_hand tags": Refusal(
        _NO_HAND,
        "No joints of a hand were seen. Its tags say that it shows {body_part}. Open a film of a child's whole hand "
        "with the wrist, seen from the front, or insist if this is one.",
    ),
    "part_of_hand": Refusal(
        "Not a whole hand",
        "Only a part of a hand was seen: the wrist and the fingers are needed. Open a film of the whole hand, or "
        "insist to have this one estimated all the same.",
    ),
    "two_hands": Refusal(
        "Two hands on this film",
        "A bone age belongs to one hand. Choose the left or the right one as pictured.",
    ),
    "illegible noisy": Refusal(
        _ILLEGIBLE,
        "The film is too noisy: the greys about the joints are so rough that they hide the bones' edges. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "illegible blocks": Refusal(
        _ILLEGIBLE,
        "The film was compressed too strongly: its blocks hide the bones' edges. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "illegible not_sharp": Refusal(
        _ILLEGIBLE,
        "The bones are too blurred to see their edges: the film was moved, or enlarged from a very small picture. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "illegible clipped_white": Refusal(
        _ILLEGIBLE,
        "{percent:.0f} % of what lies about the joints is pure white: the bones' detail is lost. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "illegible clipped_black": Refusal(
        _ILLEGIBLE,
        "{percent:.0f} % of what lies about the joints is pure black: the bones' detail is lost. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "illegible few_greys": Refusal(
        _ILLEGIBLE,
        "The hand is drawn with so few greys that the bones' detail is lost. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "illegible few_pixels": Refusal(
        _ILLEGIBLE,
        "The hand is only {pixels:.0f} pixels long from the wrist to the fingertips, too few to see the bones' edges: "
        "this seems to be a small copy of a film. Export the film itself from the archive at full quality, or choose "
        "another one; insist to have this one estimated all the same.",
    ),
    "illegible unsteady": Refusal(
        _ILLEGIBLE,
        "The model is so unsure of this film, which is unlike those that it learned from, that its estimate could be "
        "any age: the film is spoilt (noise, compression, exposure, blur) or shows something else. "
        "Export it from the archive at full quality, not as a screenshot or a strongly "
        "compressed picture, or choose another film; insist to have this one estimated all the same.",
    ),
    "sex_demanded": Refusal(
        "The sex of the child is not known",
        "It is demanded here, as an estimate without it is much less sure. Give the sex, then try again.",
    ),
    "too_slow": Refusal(
        "Reading the film takes too long",
        "It was given up after {seconds:.0f} seconds. The file may be damaged or made to harm, or the disk or "
        "network is very slow. Copy the radiograph to this computer, or export it again.",
    ),
    "too_much_memory": Refusal(
        "Reading the film takes too much memory",
        "It needs more than {gigabytes:.1f} GB, far more than a radiograph does. The file may be damaged "
        "or made to harm. Export the radiograph again.",
    ),
    "worker_ended": Refusal(
        "The film ended its worker",
        Plural(
            "The process that read it was ended {tries} time, perhaps for want of memory. "
            "Try this film alone, or export it again.",
            "The process that read it was ended {tries} times, perhaps for want of memory. "
            "Try this film alone, or export it again.",
            "tries",
        ),
    ),
    "no_workers": Refusal(
        "The worker processes do not start",
        "The system ends them, or lets the program start none. Use fewer workers, close other programs, "
        "or install the program again.",
    ),
    "no_memory": Refusal(
        "Not enough memory",
        "The film does not fit into the memory that is free. Close other programs, or use fewer workers.",
    ),
    "internal": Refusal(
        "The program failed on this film",
        "This is a mistake in the program ({kind} at {file}:{line}). Please report it with these words.",
    ),
    "internal nowhere": Refusal(
        "The program failed on this film",
        "This is a mistake in the program ({kind} at unknown place). Please report it with these words.",
    ),
    "bug": Refusal(
        "Something went wrong",
        "This is a fault of the program. Please send the report that is shown to its makers.",
    ),
}
