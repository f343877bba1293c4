"""Compiles and keeps an edition of every round that is closed; in a process of its own where a service is running."""
