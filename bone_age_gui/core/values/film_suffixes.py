"""Endings of the names of files that may be films; what a file is, its content says (``core.reader``).

The one list: the finder of films, the window's dialog and what installers associate with the program follow it.
"""

DICOM_SUFFIXES = (".dcm", ".dicom", ".ima")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
FILM_SUFFIXES = (*DICOM_SUFFIXES, *PICTURE_SUFFIXES)
