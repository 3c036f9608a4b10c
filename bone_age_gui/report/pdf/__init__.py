"""PDF pages, drawn by matplotlib without Qt."""
