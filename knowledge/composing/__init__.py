"""Answers worded by a language model, each claim of which is held against the passages that it names."""
