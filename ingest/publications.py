"""Every publication of the knowledge base there has been, for people to look through."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.history import Action, Publication, publication_of


def publications(store: GenerationStore) -> Sequence[Publication]:
    """All of them, oldest first, also of generations whose files are gone (`store.generations()` are those that are
    left). What was published before there was a history is told as far as it is still there. Blocks.

    Raises IndexDamaged.
    """
    told = store.history()
    known = {each.generation for each in told} | {each.replaced for each in told if each.action is Action.REWRITTEN}
    older = [store.manifest(name) for name in store.generations() if name not in known]
    current = store.current()
    # After the first line of the history, a generation without a line is one that nobody has published.
    begun = told[0].at if told else None
    found = [
        publication_of(each, each.base, each.created, Action.PUBLISHED)
        for each in older
        if begun is None or each.created < begun or each.generation == current
    ]
    return sorted((*found, *told), key=lambda publication: publication.at)
