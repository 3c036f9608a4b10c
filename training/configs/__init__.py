"""The configurations, one TOML file a system, and what reads them."""
