"""The list of open films: its panel, its rows, their order and groups."""
