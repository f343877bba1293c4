"""Imported by the server that processes are forked from: all `fyren` commands, and what each of them reads."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from bot import cli
from bot.conversation.texts import Texts
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from tests import read_once

for module in pkgutil.walk_packages(cli.__path__, f"{cli.__name__}."):
    importlib.import_module(module.name)

_patch = pytest.MonkeyPatch()  # never undone: the server and its processes are for nothing else
read_once.texts(_patch)
read_once.dictionary(_patch)
Texts.load()
load_folder(INSTRUMENTS)
read_once.load_lexicon()
