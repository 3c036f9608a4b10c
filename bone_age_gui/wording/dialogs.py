"""Sentences that stand in dialogs, pages and fields whatever the film."""

from __future__ import annotations

ABOUT_ARCHIVES = (
    "Nothing connects before you press Test, Find, Fetch or Send. Passwords are kept in the system's keyring."
)
ABOUT_SENDING = (
    "The reports join the film's own study, with the patient's name. They count as sent when the archive finds "
    "them; until then they wait in the outbox."
)
NO_BATCH_YET = (
    "Choose the folder with the films, then press Start.\nThe films are listed at once, and filled in one by one."
)
PROGRAM_FAULT = (
    "The program made a mistake. Your films are untouched, and you can go on working. If it happens again, "
    "please send this report to its makers: it holds no patient data."
)
ABOUT_DIAGNOSTICS = "What runs here and on which device. For an administrator; it holds no patient data."
ABOUT_LICENCES = "The parts that this program is made of, and their terms."
NO_LICENCE_TEXT = "The package carries no licence text; its terms are named above."
ANONYMISE_TIP = (
    "Leaves out names, numbers, birth and study dates, paths and file names, and replaces DICOM numbers "
    "consistently. Ages stay."
)
RECENT_TIP = "Names of files may hold names of patients. Switching this off forgets them."
REMARK_TIP = "A remark for the report; write no names."
RECENT_NOT_KEPT = "Films of last time are not remembered. Settings can change that."
NO_RECENT_YET = "No films of last time yet."
VIEW_KEYS = "Arrow keys pan, plus and minus zoom, digits choose a stage, 0 the original."
LEVEL_TIP = "Width and level in the film's units, for example 4096 2048. Return takes them."
VIEWER_HINTS = (
    "The wheel zooms, because a film has no slices to go through; Settings lets it go to the next film instead.",
    "Window and level: dragging to the right widens the window, dragging down brightens the film.",
    "A film opens with a window made from its own histogram inside the exposed field, unless its DICOM window fits.",
    "Shift+A, Shift+D and Shift+R choose the automatic window, that of the file and the full range.",
    "Width and level are in the film's own units where these are known, else in per cent of its range.",
    "Turning, mirroring and hanging with the fingers up are for viewing only: the network gets the film as read.",
    "Lengths are in mm at the patient or at the detector plane, as the film says; without a spacing there are none.",
    "Delete takes a film out of the list. It never deletes a file.",
)
"""What may differ from the viewer that one is used to."""
