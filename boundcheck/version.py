"""The version of boundcheck."""

__version__ = "0.1.0"
