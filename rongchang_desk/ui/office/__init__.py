"""Pages of the office's desk."""
