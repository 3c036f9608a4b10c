"""CSV, XLSX, JSON lines and the text summary."""
