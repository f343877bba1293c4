"""The advisors on one generation: one for each audience that reads something else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from knowledge.access import EVERYBODY, Audience
from knowledge.advisor import Advisor
from knowledge.ports import Index


class Advisors:
    """Makes an advisor when its first question comes, and keeps it for as long as the generation is served.

    Audiences that read the same share one, so there are never more than municipalities with documents of their own, and
    two. Where every document is the federation's, there is one.
    """

    def __init__(self, index: Index, advise: Callable[[Index], Advisor]) -> None:
        """`index` is the whole generation. Blocks: makes the advisor that everybody may ask."""
        self.index = index
        self._advise = advise
        self._lock = asyncio.Lock()
        self.everybody = advise(index.readable_by(EVERYBODY))
        """The advisor on what is the federation's."""
        self._made = {EVERYBODY.among(index.owners): self.everybody}

    async def of(self, audience: Audience) -> Advisor:
        """The advisor that knows what this audience may read, and nothing else."""
        owners = audience.among(self.index.owners)
        known = self._made.get(owners)
        if known is not None:
            return known
        async with self._lock:
            if owners not in self._made:
                self._made[owners] = await asyncio.to_thread(lambda: self._advise(self.index.readable_by(audience)))
            return self._made[owners]
