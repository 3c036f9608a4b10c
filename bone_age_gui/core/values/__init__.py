"""Types, ages, errors: what travels along the line."""
