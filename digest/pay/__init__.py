"""Pay: read as editors write it, compared by salary band, and written in words."""
