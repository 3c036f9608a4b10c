"""Reports, one module per format; columns and wording are defined once. No Qt, no network, no pipeline."""
