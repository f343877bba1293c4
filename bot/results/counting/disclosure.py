"""Disclosure control: which groups may be told of, so that no smaller group can be worked out from them.

Groups form a tree: all of Fyrbodal, its roles, their municipalities. What is told of a group is taken to tell the sum
of its answers. From groups that lie inside each other like this, exactly the sums of the **rests** can be worked out
(what is left of a group when the told ones inside it are taken away), and sums of rests. So it is safe to tell a set of
groups when every rest is empty or large enough; nothing smaller can be computed, whatever is added or subtracted.

Groups of which everybody gave the same answer are not told of either, and no rest may be such a group: its size would
not protect anybody. That is primary and complementary suppression in one rule (the terms are those of Hundepool and
others, Statistical Disclosure Control, 2012, chapter 4).

Where persons are divided in two ways at once (municipality and area of operation), what can be worked out is decided by
cuts of the graph that joins the parts of one division with those of the other: see `too_close`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from bot.results.counting.tallies import Counts

Name = tuple[str, str]
"""A group: role and unit, either of them empty for all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Persons with the values that they have of one variable, and the groups inside it, which share none of them.

    An `open` group may be told of whatever its size: it is an organisation's statement. A `barred` one never is. One
    that is `known` to somebody, as a statement is to its municipality, can be taken away from a rest by them.
    """

    name: Name
    counts: Counts
    parts: tuple[Group, ...] = ()
    open: bool = False
    barred: bool = False
    known: bool = False

    @property
    def size(self) -> int:
        """How many persons."""
        return sum(self.counts)


def told(root: Group, k: int, among: frozenset[Name] | None = None) -> frozenset[Name]:
    """The groups that may be told of, with at least `k` persons behind each and behind everything between them.

    `among` limits them to some. As many are kept as the smallest allow: where a rest is too small, the smallest group
    beside it is held back too, until it is not.
    """
    if (among is not None and root.name not in among) or not _enough(root.counts, k):
        return frozenset()
    kept = sorted(
        (each for each in root.parts if (among is None or each.name in among) and _may_be(each, k)),
        key=lambda each: (each.size, each.name),
        reverse=True,
    )
    while not _rest_protected(root, kept, k):
        kept.pop()
    inside = (told(each, k, among) if each.parts else frozenset({each.name}) for each in kept)
    return frozenset({root.name}).union(*inside)


def protected(root: Group, shown: frozenset[Name], k: int) -> bool:
    """Whether telling of these groups, of all of them that hold anybody, leaves no rest too small.

    This is how persons who came later are looked at: what they add to groups that were told of before can be seen by
    subtraction, so they must be enough by themselves wherever they are any.
    """
    if root.name not in shown:
        return True
    kept = [each for each in root.parts if each.name in shown]
    if not _rest_protected(root, kept, k, later=True):
        return False
    return all(protected(each, shown, k) if each.parts else _bare(each, k) for each in kept)


def too_close(together: Mapping[tuple[str, str], int], k: int) -> frozenset[str]:
    """Of two divisions of the same persons, those parts of the second that may not be told of beside the first.

    `together` counts persons by a part of each. Adding and subtracting parts gives each person the number of the own
    part in one division minus that in the other. Those with another number than zero are what is worked out, and they
    are the edges across a cut of the graph whose nodes are the parts and whose edges are the persons. So the fewest
    persons that can be isolated are the smallest cut of any connected piece of the graph (Stoer and Wagner 1997).
    Returned are the parts in the pieces where that is fewer than `k`.
    """
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for (one, other), number in together.items():
        if number:
            graph.add_edge(("one", one), ("other", other), weight=number)
    pieces = (graph.subgraph(nodes) for nodes in nx.connected_components(graph))
    weak = [piece for piece in pieces if nx.stoer_wagner(piece)[0] < k]
    return frozenset(part for piece in weak for division, part in piece if division == "other")


def unanimous(counts: Counts) -> bool:
    """Whether everybody gave the same answer; never so for a variable that has one value only."""
    return len(counts) > 1 and sum(map(bool, counts)) == 1


def subtracted(counts: Counts, others: Iterable[Counts]) -> Counts:
    """What is left of a group without others inside it."""
    left = list(counts)
    for other in others:
        left = [one - two for one, two in zip(left, other, strict=True)]
    return tuple(left)


def _may_be(group: Group, k: int) -> bool:
    return not group.barred and group.size > 0 and (group.open or _enough(group.counts, k))


def _enough(counts: Counts, k: int) -> bool:
    return sum(counts) >= k and not unanimous(counts)


def _bare(group: Group, k: int) -> bool:
    return group.open or not group.size or _enough(group.counts, k)


def _rest_protected(root: Group, kept: list[Group], k: int, *, later: bool = False) -> bool:
    rest = subtracted(root.counts, (each.counts for each in kept))
    if not any(rest):
        return True
    own = max((each.size for each in root.parts if each.known and each not in kept), default=0)
    return _enough(rest, k) and (later or not kept or sum(rest) - own >= k)
