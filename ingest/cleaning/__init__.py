"""Mends what extraction broke: `clean` is the door; blocks come out of it as a reader of the page would see them."""
