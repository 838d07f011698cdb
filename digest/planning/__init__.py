"""Documents to planned pages: states, facets, references, and the views that templates get."""
