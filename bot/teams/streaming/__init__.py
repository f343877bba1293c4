"""Answers that grow in a personal chat."""
