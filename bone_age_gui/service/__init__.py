"""The HTTP service: the line of ``estimate``, behind Flask and waitress (extra ``service``)."""
