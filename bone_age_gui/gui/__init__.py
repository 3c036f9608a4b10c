"""The window: panels that show ``core.types`` values, and one session that walks the line."""
