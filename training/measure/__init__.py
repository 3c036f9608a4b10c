"""How well a model reads films."""
