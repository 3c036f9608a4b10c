"""The command line ``bone-age``, without Qt."""
