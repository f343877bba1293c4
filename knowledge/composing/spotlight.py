"""Other people's text in a prompt: marked as data between delimiters that nobody can foresee (spotlighting).

What stands between them cannot close them: a delimiter within the text is broken up. Characters that no reader sees
are taken out, so that nothing is told to the model that a person who looks at the source would not see.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass, field

_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))
_KEPT = "\n\t"


def new_mark() -> str:
    """A delimiter for one request: 64 random bits."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Spotlight:
    """Marks texts as data, for one request."""

    mark: str = field(default_factory=new_mark)

    def data(self, text: str) -> str:
        """The text between the delimiters."""
        return f"<<{self.mark}>>{self.escaped(text)}<</{self.mark}>>"

    def escaped(self, text: str) -> str:
        """The text without unseen characters, and with each delimiter in it broken up."""
        half = len(self.mark) // 2
        broken = f"{self.mark[:half]} {self.mark[half:]}"
        return re.sub(re.escape(self.mark), broken, seen(text), flags=re.IGNORECASE)


def seen(text: str) -> str:
    """The text without control, format, private and unassigned characters: zero-width ones, tags, directions."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char for char in composed if char in _KEPT or unicodedata.category(char) not in _UNSEEN)
