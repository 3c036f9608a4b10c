"""Worker processes with a limit of time and memory."""
