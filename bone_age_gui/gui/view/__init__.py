"""Pictures on the screen: zoom, window and level, overlays."""
