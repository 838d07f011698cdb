"""Build a public-sector digital careers digest from Markdown entries.

The site is a pure function of (content, templates, config, now); see docs/architecture.md.
"""

__version__ = "0.1.0"
