"""Endings of the names of files that may be films; what a file is, its content says (``read``)."""

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})
DICOM_SUFFIXES = frozenset({".dcm", ".dicom", ".ima"})
