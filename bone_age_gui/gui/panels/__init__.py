"""The window's panels: they show values and emit signals, and do not know each other."""
