"""Dialogs and pages of help."""
