"""Authored files to located values: YAML with places, field tables and their readers."""
