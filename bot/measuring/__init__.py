"""Measures parts of the service from outside: each does what the part does, and tells how it went."""
