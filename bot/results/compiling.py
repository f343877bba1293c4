"""Responses -> an edition. The one place where raw answers are turned into what may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Group, Visibility
from bot.maturity.responses import Response
from bot.maturity.rounds import Round
from bot.results.counting.fyrbodal import Fyrbodal
from bot.results.counting.item_results import item_results, views_of
from bot.results.counting.respondents import Respondent, respondents
from bot.results.counting.tallies import tally
from bot.results.model import Edition, ItemResult, Themes
from bot.results.participation import participation_of
from bot.results.themes import themes_of
from knowledge.swedish.lexicon import Lexicon, load_lexicon


@dataclass(frozen=True, slots=True)
class Compiled:
    """An edition, and the ids of all responses that count in it or in an earlier one."""

    edition: Edition
    members: tuple[str, ...]


def compile_edition(
    held: Round,
    responses: Sequence[tuple[str, Response]],
    *,
    visibilities: Mapping[str, Visibility],
    day: date,
    previous: Edition | None = None,
    batches: Mapping[str, int] | None = None,
    demo: bool = False,
    lexicon: Lexicon | None = None,
) -> Compiled:
    """The next edition of a round that is closed, made on a `day`.

    `responses` are all of the round's by their id, in an order that says nothing; `batches` says in which edition those
    that have counted before did so first. It takes seconds for tens of thousands of responses, and belongs in a
    process of its own. `lexicon` is the dictionary by which words in texts are told; it is read where it is not given.
    """
    number = previous.number + 1 if previous is not None else 1
    setting = Fyrbodal(held, visibilities)
    people = respondents(held.instrument, responses, batches or {}, number)
    edition = Edition(
        round=held.id,
        label=held.label,
        number=number,
        compiled=day,
        opened=held.opens,
        closed=held.closed_on or day,
        instrument=held.instrument.id,
        instrument_version=held.instrument.version,
        digest=held.instrument.digest,
        threshold=held.threshold,
        participation=participation_of(_groups(responses), held.instrument, held.invited),
        results=_results(people, setting, number, previous),
        themes=_themes(people, setting, previous, lexicon),
        practice=held.practice,
        demo=demo,
    )
    return Compiled(edition, tuple(identifier for identifier, _ in responses))


def _groups(responses: Sequence[tuple[str, Response]]) -> Mapping[Group, int]:
    found: dict[Group, int] = {}
    for _, one in responses:
        group = Group(one.organisation, one.municipalities, one.roles, one.source)
        found[group] = found.get(group, 0) + 1
    return found


def _results(
    people: Sequence[Respondent], setting: Fyrbodal, number: int, previous: Edition | None
) -> tuple[ItemResult, ...]:
    tallies = tally(setting.instrument.items, people)
    found: list[ItemResult] = []
    for item in setting.instrument.items:
        if item.kind is Kind.TEXT:
            continue
        earlier = {role: previous.result(item.id, role) for role in views_of(item, setting)} if previous else {}
        before = {role: each for role, each in earlier.items() if each is not None}
        found.extend(item_results(tallies[item.id], people, setting, number, before).values())
    return tuple(found)


def _themes(
    people: Sequence[Respondent], setting: Fyrbodal, previous: Edition | None, lexicon: Lexicon | None
) -> tuple[Themes, ...]:
    """What has been told once stays, as one more text could be told from the difference."""
    told = {each.item: each for each in previous.themes if each.answers is not None} if previous else {}
    items = [item for item in setting.instrument.items if item.kind is Kind.TEXT]
    if any(item.id not in told for item in items):
        lexicon = lexicon or load_lexicon()
    return tuple(told.get(item.id) or _themes_of(item, people, setting, lexicon) for item in items)


def _themes_of(item: Item, people: Sequence[Respondent], setting: Fyrbodal, lexicon: Lexicon | None) -> Themes:
    roles = setting.roles_of(item)
    written = [
        (each.id, each.answers[item.id].text)
        for each in people
        if not each.joint and item.id in each.answers and each.answers[item.id].text.strip()
    ]
    return themes_of(written, item.id, roles[0] if len(roles) == 1 else "", setting.round.text_threshold, lexicon)
