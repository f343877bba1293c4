"""Which view of an edition a visitor gets: by what they are signed in as, and by the municipality they look at."""

from __future__ import annotations

from bot.access.permissions import Permission
from bot.access.roles import Role
from bot.access.visitor import Visitor
from bot.maturity.instrument import Instrument
from bot.results.errors import NotForAudience
from bot.results.model import Edition
from bot.results.views import View, federation_view, municipality_view
from bot.web.dashboard.order import municipalities_of


def view_for(visitor: Visitor, edition: Edition, instrument: Instrument, municipality: str = "") -> View:
    """The view of whoever looks at all of Fyrbodal, or at one municipality.

    The federation has its own view. A contact has that of the municipality that is named, or of the first of theirs;
    so has somebody with both roles who looks at the own municipality. Raises NotForAudience.
    """
    own = [each.id for each in municipalities_of(instrument) if each.id in visitor.municipalities]
    contact = Role.CONTACT in visitor.roles
    if contact and municipality in own:
        return municipality_view(edition, municipality)
    if Role.FEDERATION in visitor.roles:
        return federation_view(edition)
    if contact and own and not municipality:
        return municipality_view(edition, own[0])
    raise NotForAudience("nothing of this round is for this visitor")


def own_municipalities(visitor: Visitor, instrument: Instrument) -> tuple[str, ...]:
    """The municipalities whose results the visitor may see one by one, in the order of their names."""
    return tuple(each.id for each in municipalities_of(instrument) if visitor.may(Permission.SEE_MUNICIPALITY, each.id))
