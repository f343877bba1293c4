"""Saved e-mail."""
