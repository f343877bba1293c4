"""Imported by the server that processes are forked from: the modules of every `fyren` command."""

from __future__ import annotations

import importlib
import pkgutil

from bot import cli

for module in pkgutil.walk_packages(cli.__path__, f"{cli.__name__}."):
    importlib.import_module(module.name)
