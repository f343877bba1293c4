"""What a page about a round is made from: the round, the visitor's view of its edition, and the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.access.visitor import Visitor
from bot.maturity.baseline import Distribution
from bot.maturity.instrument import Instrument, Item
from bot.maturity.rounds import Round
from bot.results.model import Edition, ItemResult, State
from bot.results.views import Audience, View
from bot.web.dashboard.voice import Voice


@dataclass(frozen=True, slots=True)
class Scene:
    """One visitor looks at one round. Without a `view` there are no results to show: there is no edition yet, or, where
    it is `compiled` all the same, nothing in it for this visitor."""

    held: Round
    visitor: Visitor
    voice: Voice
    view: View | None = None
    baseline: Mapping[str, Distribution] = field(default_factory=dict)
    compiled: bool = False

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.held.instrument

    @property
    def edition(self) -> Edition:
        """What may be seen. Only for pages of results, which are not made without a view."""
        assert self.view is not None  # noqa: S101 - see above
        return self.view.edition

    @property
    def municipality(self) -> str:
        """The own municipality of whoever sees one only."""
        return self.view.municipality if self.view is not None else ""

    @property
    def federation(self) -> bool:
        """Whether all municipalities are seen side by side."""
        return self.view is not None and self.view.audience is Audience.FEDERATION

    def role(self, role: str) -> str:
        """A role's name; of all roles together where it is empty."""
        if not role:
            return self.voice.say("pages.role.all")
        return next((self.voice.word(each.title) for each in self.instrument.roles if each.id == role), role)

    def place(self, municipality: str) -> str:
        """A municipality's name."""
        found = self.instrument.organisation(municipality)
        return found.title if found is not None else municipality

    def area(self, area: str) -> str:
        """An area's name."""
        return self.voice.word(self.instrument.area(area).title)

    def topic(self, item: Item, role: str) -> str:
        """An item's name; with the role where several were asked and this is one of them."""
        topic = self.voice.word(item.topic)
        if not role or len(self.roles_of(item)) == 1:
            return topic
        return self.voice.say("pages.item_and_role", item=topic, role=self.role(role))

    def roles_of(self, item: Item) -> tuple[str, ...]:
        """The roles that there are results of an item for; "" for all of them together comes first."""
        order = ["", *(each.id for each in self.instrument.roles)]
        there = {each.role for each in self.edition.results if each.item == item.id}
        return tuple(role for role in order if role in there)

    def result(self, item: Item, role: str = "") -> ItemResult | None:
        """An item as a role answered it; without a role as all did, or the only one that was asked."""
        roles = self.roles_of(item)
        if role in roles:
            return self.edition.result(item.id, role)
        return self.edition.result(item.id, roles[0]) if roles and not role else None

    def behind(self, item: Item, result: ItemResult) -> int | None:
        """From how many municipalities the answers of a result are, whether or not their values could be included.

        Of all roles together it is told only where one of them has answers from everywhere; else nobody can tell how
        many there are in all.
        """
        own = result.equal.municipalities + result.equal.left_out
        if own or result.role:
            return own
        found = [each.equal for each in self.edition.results if each.item == item.id]
        most = max((each.municipalities + each.left_out for each in found), default=0)
        return most if most and most == max(each.of for each in found) else None

    def by_municipality(self, item: Item, role: str = "", *municipalities: str) -> tuple[ItemResult, ...]:
        """The results of an item that tell something of municipalities (of these, where any are named).

        Without a role it is everybody's, or else those of the single roles: often one of the two may be told only.
        """
        roles = (role,) if role else self.roles_of(item)
        found = [result for each in roles if (result := self.edition.result(item.id, each)) is not None]
        telling = [each for each in found if _tells(each, municipalities)]
        return tuple(telling[:1] if telling and not telling[0].role else telling) or tuple(found[:1])

    def results(self, role: str = "", area: str = "") -> Iterator[tuple[Item, ItemResult]]:
        """The items in their order, each as `role` answered it, those of an area."""
        for item in self.instrument.items:
            result = self.result(item, role) if not area or item.area == area else None
            if result is not None:
                yield item, result


def _tells(result: ItemResult, municipalities: tuple[str, ...]) -> bool:
    places = municipalities or tuple(result.municipalities)
    told = [result.municipalities[each] for each in places if each in result.municipalities]
    return any(each.persons.state in (State.SHOWN, State.BANDED) or each.statement is not None for each in told)
