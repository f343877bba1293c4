"""Tells the data files of the knowledge base from other YAML by their top-level keys."""

from __future__ import annotations

import re

_KEY = re.compile(r"^([a-z_]+):(?:\s|$)", re.MULTILINE)


def top_keys(head: bytes) -> frozenset[str]:
    """Keys that start a line in the first bytes of a file; empty where the file does not begin as YAML mapping."""
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith(("#", "---"))), "")
    return frozenset(_KEY.findall(text)) if _KEY.match(first) and not text.startswith("---\n") else frozenset()
