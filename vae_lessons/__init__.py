"""The supporting module of the course: each formula of the book once."""

__version__ = "0.1.0"
