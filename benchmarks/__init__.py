"""Measures how long builds take, beside Hugo doing the same work and beside the least that any program must do."""
