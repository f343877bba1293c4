"""What made-up people write in their own words."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.datafile import read

FILE: Final = Path(__file__).with_name("words.yaml")
_CHOICE: Final = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Words:
    """Texts by item; `[one|other]` in a text leaves a choice."""

    texts: Mapping[str, Sequence[str]]

    @classmethod
    def load(cls) -> Words:
        """Those that come with Fyren."""
        fields = read(FILE)
        return cls({item: fields.texts(item) for item in fields.values})

    def about(self, item: str, dice: random.Random) -> str:
        """A text about an item, empty where there is none."""
        texts = self.texts.get(item)
        return _CHOICE.sub(lambda found: dice.choice(found[1].split("|")), dice.choice(texts)) if texts else ""
