"""Who is in the groups of which anything is published, and whether less can be worked out from all of them: by
linear algebra that knows nothing of how groups were chosen."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from bot.maturity.instrument import Item, Kind
from bot.maturity.responses import Response
from bot.maturity.rounds import Round
from bot.results.compiling import compile_edition
from bot.results.counting.respondents import Respondent, respondents
from bot.results.model import Cell, Edition, ItemResult, State
from tests.unit.results.made import CLOSED, lexicon

K = 5
Given = Sequence[tuple[str, Response]]
Persons = frozenset[str]


def compiled(held: Round, given: Given, **more: object) -> Edition:
    """The edition of these responses, with what a test adds to it."""
    fields: dict[str, object] = {"visibilities": {}, "day": CLOSED, **more}
    return compile_edition(held, given, lexicon=lexicon(), **fields).edition  # type: ignore[arg-type]  # what a test adds


def published(edition: Edition, held: Round, given: Given) -> Iterator[tuple[str, str, Persons, bool]]:
    """Every group of persons of whom anything is published: item, variable, who they are, and whether a distribution.

    Made from the edition and the raw responses alone. A variable is the item itself, or an option of several.
    """
    people = {each.id: each for each in respondents(held.instrument, given, {}, 1) if not each.joint}
    for result in edition.results:
        found = held.instrument.item(result.item)
        assert found is not None
        answered = {key for key, one in people.items() if counts(found, one, result.role)}
        for group, cell in _cells(result, people, answered):
            if cell.state is not State.SHOWN:
                continue
            yield result.item, "", group, found.kind is not Kind.CHOICES and bool(cell.options)
            if found.kind is Kind.CHOICES:
                for option in cell.options:
                    if option.count is not None:
                        yield result.item, option.code, group, True


def _cells(
    result: ItemResult, people: Mapping[str, Respondent], answered: Iterable[str]
) -> Iterator[tuple[Persons, Cell]]:
    everybody = frozenset(answered)
    yield everybody, result.pooled
    for municipality, each in result.municipalities.items():
        own = frozenset(key for key in everybody if people[key].municipalities == (municipality,))
        yield own, each.persons
        if municipality in result.peers:
            yield everybody - own, result.peers[municipality]
    for operation, cell in result.operations.items():
        yield frozenset(key for key in everybody if people[key].operation == operation), cell


def counts(found: Item, person: Respondent, role: str) -> bool:
    """Whether a person answered an item, in the role that a result is about."""
    answer = person.answers.get(found.id)
    mine = person.role_for(found)
    return answer is not None and answer.null is None and bool(answer.codes) and (not role or mine == role)


def values(found: Item, variable: str, people: Iterable[str], given: Mapping[str, Response]) -> list[int]:
    """What these persons answered, as numbers: which level, or whether they chose the option."""
    answers = [{each.item: each for each in given[key].answers}[found.id] for key in people]
    if found.kind is Kind.CHOICES:
        return [int(variable in each.codes) for each in answers]
    codes = [option.code for option in found.options]
    return [codes.index(each.codes[0]) for each in answers]


def nothing_small_follows(groups: Sequence[Persons], least: int) -> None:
    """No sum of published groups, whatever each is multiplied with, is about fewer persons than `least`.

    Persons who are in the same groups cannot be told apart, so they are one column. A set of columns can be isolated
    when leaving it out of the matrix makes its rank smaller.
    """
    if not groups:
        return
    alike: dict[tuple[bool, ...], int] = Counter(
        tuple(key in group for group in groups) for key in frozenset().union(*groups)
    )
    columns, sizes = list(alike), list(alike.values())
    matrix = np.array(columns, dtype=float).T
    rank = np.linalg.matrix_rank(matrix)
    for chosen in _too_few(sizes, least):
        rest = np.delete(matrix, chosen, axis=1)
        left = np.linalg.matrix_rank(rest) if rest.size else 0
        assert left == rank, f"{sum(sizes[place] for place in chosen)} persons can be isolated"


MOST_TRIED = 400


def _too_few(sizes: Sequence[int], least: int) -> Iterable[tuple[int, ...]]:
    """The sets of columns that hold too few, without those that are part of another; a sample of very many."""
    few = sorted((place for place, size in enumerate(sizes) if size < least), key=lambda place: sizes[place])
    found: list[tuple[int, ...]] = []
    if len(few) <= 10:
        for number in range(1, least):
            for chosen in itertools.combinations(few, number):
                left = least - 1 - sum(sizes[place] for place in chosen)
                if left >= 0 and not any(sizes[place] <= left for place in few if place not in chosen):
                    found.append(chosen)
        return found
    dice = random.Random(len(few))
    for _ in range(MOST_TRIED):
        chosen_now: list[int] = []
        for place in dice.sample(few, len(few)):
            if sum(sizes[each] for each in chosen_now) + sizes[place] < least:
                chosen_now.append(place)
        found.append(tuple(chosen_now))
    return found


def safe(edition: Edition, held: Round, given: Given) -> int:
    """Hold an edition against the threshold; how many groups it tells of."""
    return safe_together([(edition, given)], held)


def safe_together(editions: Sequence[tuple[Edition, Given]], held: Round) -> int:
    """The same for several editions, one after the other: somebody has kept all of them."""
    sums: dict[tuple[str, str], list[Persons]] = defaultdict(list)
    distributions: dict[tuple[str, str], list[Persons]] = defaultdict(list)
    for edition, given in editions:
        official = {each.item for each in edition.results if each.official}
        for item_id, variable, group, distribution in published(edition, held, given):
            sums[item_id, variable].append(group)
            if distribution and item_id not in official:
                distributions[item_id, variable].append(group)
    for groups in sums.values():
        nothing_small_follows(groups, held.threshold)
    for groups in distributions.values():
        nothing_small_follows(groups, held.text_threshold)
    return sum(map(len, sums.values()))
