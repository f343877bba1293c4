"""A person's own words out of the log, should an error quote what the turn under way was about."""

from __future__ import annotations

import re
from typing import Final

TOLD: Final = "[ord ur meddelandet]"
RUN: Final = 3
"""So many words in a row, as the person wrote them, are a quotation; a shorter message is looked for as a whole."""
SHORTEST: Final = 4
"""Characters of a message that is looked for: what is shorter stands in every line by chance."""

_WORD: Final = re.compile(r"\w+")


def without_words(line: str, said: str) -> str:
    """A line of the log without what somebody said, however it was shortened, wrapped or escaped."""
    words = [each.casefold() for each in _WORD.findall(said)]
    length = min(RUN, len(words))
    if not length or len(said.strip()) < SHORTEST:
        return line
    runs = {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
    # What escapes leave of a line break is no part of the next word.
    found = list(_WORD.finditer(line.replace("\\n", "\n\n").replace("\\t", "\t\t")))
    quoted: list[tuple[int, int]] = []
    for at in range(len(found) - length + 1):
        if tuple(each[0].casefold() for each in found[at : at + length]) in runs:
            start, end = found[at].start(), found[at + length - 1].end()
            if quoted and start <= quoted[-1][1]:
                start = quoted.pop()[0]
            quoted.append((start, end))
    for start, end in reversed(quoted):
        line = line[:start] + TOLD + line[end:]
    return line
