"""From a file to a radiograph."""
