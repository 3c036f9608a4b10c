"""DICOM structured report and encapsulated PDF."""
