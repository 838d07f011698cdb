"""Days and times: read as editors write them, turned into instants, and written in words."""
