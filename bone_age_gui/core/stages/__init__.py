"""The preprocessing stages."""
