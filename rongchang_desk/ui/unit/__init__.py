"""Pages of a unit's desk."""
