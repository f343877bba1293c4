"""One person's draft, as far as it is secret: whose row it is, and what is in it."""

from __future__ import annotations

import logging
from functools import cached_property

from sqlalchemy import RowMapping

from bot.maturity.ports import Draft, Person
from bot.maturity.session import Session, Source
from bot.storage.check.sessions_json import session_from_json, session_to_json
from bot.storage.errors import StorageError
from bot.storage.schema.check import drafts
from bot.storage.sealing import derived, pseudonym, seal, unseal

_log = logging.getLogger(__name__)


class OwnDraft:
    """`key` is the identity key of an `opening` of the round; with it and the person's ids, and not without both, the
    draft opens.

    A draft is bound to its owner, round, source and version, so that no row can be put in another's place, or back.
    """

    def __init__(self, key: bytes, person: Person, round_id: str, source: Source, opening: int = 1) -> None:
        self._key = key
        self.opening = opening
        self._person = person
        self.round = round_id
        self.source = source

    @cached_property
    def owner(self) -> str:
        """The pseudonym under which the draft and the response are stored."""
        return pseudonym(self._key, self._person.tenant, self._person.user, self.source)

    def sealed(self, session: Session, version: int) -> bytes:
        """The session, for this owner's eyes. Raises StorageError where a text cannot be stored."""
        return seal(self._secret, session_to_json(session), *self._place(version))

    def draft(self, row: RowMapping) -> Draft:
        """The draft in a row. Raises SealBroken, and StorageError where its content is none of ours."""
        version: int = row[drafts.c.version]
        try:
            session = session_from_json(unseal(self._secret, row[drafts.c.sealed], *self._place(version)))
        except StorageError as error:
            _log.error("a draft of round %s cannot be opened: %s", self.round, error)
            raise
        return Draft(session, version)

    @cached_property
    def _secret(self) -> bytes:
        return derived(self._key, "draft", self._person.tenant, self._person.user)

    def _place(self, version: int) -> tuple[str, ...]:
        return self.owner, self.round, self.source, str(version)
