"""Worker processes with a limit of time and memory: every file is read in one."""
