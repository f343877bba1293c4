"""Fits what the program learned from the development questions: `make fit`."""
