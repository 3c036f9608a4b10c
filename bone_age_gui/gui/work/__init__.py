"""The only room of the window that runs the pipeline: sessions, films and jobs."""
