"""Drafts made in a process of their own: that takes processor and memory, which the service needs for people."""
