"""Generated examples have no deadline: how long one takes says more of the machine's other work than of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
