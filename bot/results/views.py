"""Who sees what of an edition. A view only ever leaves out; pages, exports and the read API show nothing but views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.maturity.ports import Visibility
from bot.results.errors import NotForAudience
from bot.results.model import Edition, ItemResult, MunicipalResult, Statement


class Audience(StrEnum):
    """FEDERATION sees all that an edition holds, but for what a municipality keeps to itself. MUNICIPALITY sees its own
    municipality, the whole of Fyrbodal, and its peers together. PUBLIC sees what may be published as open data."""

    FEDERATION = "federation"
    MUNICIPALITY = "municipality"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class View:
    """An edition for an audience. `municipality` is the own one of the audience MUNICIPALITY, else empty."""

    audience: Audience
    edition: Edition
    municipality: str = ""


def federation_view(edition: Edition) -> View:
    """For the federation."""
    return View(
        Audience.FEDERATION,
        _with(edition, lambda each: replace(each, municipalities=_open(each, _SEEN_BY_FEDERATION), peers={})),
    )


def municipality_view(edition: Edition, municipality: str) -> View:
    """For a municipality's contact: its own row, everybody together, and the peers. Raises NotForAudience."""
    if not any(municipality in each.municipalities for each in edition.results):
        raise NotForAudience(f"no municipality {municipality}")

    def own(each: ItemResult) -> ItemResult:
        mine = {key: one for key, one in each.municipalities.items() if key == municipality and not each.security}
        peers = {key: one for key, one in each.peers.items() if key == municipality and not each.security}
        return replace(each, municipalities=mine, peers=peers, operations={})

    told = edition.participation.municipalities
    participation = replace(
        edition.participation, municipalities={key: one for key, one in told.items() if key == municipality}
    )
    return View(Audience.MUNICIPALITY, replace(_with(edition, own), participation=participation), municipality)


def public_view(edition: Edition) -> View:
    """For everybody: no item about security, no free text, statements only where the municipality publishes them."""

    def published(each: ItemResult) -> ItemResult:
        return replace(each, municipalities=_open(each, _SEEN_BY_ALL), peers={})

    results = tuple(published(each) for each in edition.results if not each.security)
    return View(Audience.PUBLIC, replace(edition, results=results, themes=()))


_SEEN_BY_FEDERATION = frozenset({Visibility.FEDERATION, Visibility.PUBLIC})
_SEEN_BY_ALL = frozenset({Visibility.PUBLIC})


def _with(edition: Edition, change: Callable[[ItemResult], ItemResult]) -> Edition:
    return replace(edition, results=tuple(change(each) for each in edition.results))


def _open(result: ItemResult, seen: frozenset[Visibility]) -> Mapping[str, MunicipalResult]:
    """The municipalities' results, with the statements that this audience sees; none of them about security."""
    if result.security:
        return {}
    return {key: replace(one, statement=_seen(one.statement, seen)) for key, one in result.municipalities.items()}


def _seen(statement: Statement | None, seen: frozenset[Visibility]) -> Statement | None:
    return statement if statement is not None and statement.visibility in seen else None
