"""The built-in library, checked as data."""
