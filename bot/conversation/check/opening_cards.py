"""The cards before the first question: which round, the privacy notice, for whom and in which role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.card import Block, Button, Buttons, CardReply, Fold, Line, Look, Select
from bot.conversation.check import official
from bot.conversation.check.presses import On, Verb, action, card_key, opening
from bot.conversation.texts import Texts
from bot.maturity.instrument import Instrument, Organisation
from bot.maturity.rounds import Round
from bot.maturity.routing import missing
from bot.maturity.session import Session, Source


@dataclass(frozen=True, slots=True)
class Contacts:
    """Who answers questions about the check, and about personal data."""

    strategist: str
    data_protection: str


class OpeningCards:
    """Makes them. `tenants` maps a tenant's id to the organisations that its people are likely to answer for."""

    def __init__(self, texts: Texts, contacts: Contacts, tenants: Mapping[str, tuple[str, ...]]) -> None:
        self._texts = texts
        self._contacts = contacts
        self._tenants = tenants

    @property
    def version(self) -> str:
        """The version of the privacy notice."""
        return self._texts.say("check.notice.version", "sv")

    def which(self, rounds: Sequence[Round], source: Source, language: str) -> CardReply:
        """Several rounds are open: which one."""
        say = self._texts.say
        buttons = tuple(
            Button(
                say("check.state.which_button", language, title=each.instrument.title.say(language), label=each.label),
                opening(Verb.START, each.id, source, language),
            )
            for each in rounds
        )
        title, text = say("check.state.which", language), say("check.state.which_text", language)
        return CardReply(f"{title} {text}", (Line(title, Look.HEADING), Line(text), Buttons(buttons, stacked=True)))

    def notice(self, held: Round, source: Source, language: str, session: Session | None = None) -> CardReply:
        """The privacy and AI notice; with a session where it has changed since that session began."""
        say = self._texts.say
        title = say(
            "check.notice.title",
            language,
            title=held.instrument.title.say(language),
            label=held.label,
            minutes=held.instrument.minutes,
        )
        lines = [Line(title, Look.HEADING)]
        lines += [Line(say("check.notice.changed", language), Look.STRONG)] if session else []
        lines += [Line(say("check.notice.practice", language), Look.STRONG)] if held.practice else []
        lines += [Line(say("check.notice.reopened", language), Look.STRONG)] if held.openings > 1 else []
        lines += [*self._short(held.instrument, source, language), Line(say("check.notice.ai", language))]
        blocks: tuple[Block, ...] = (
            *lines,
            Fold(say("check.notice.fold", language), (Line(self._full(language)),)),
            Buttons(tuple(self._notice_buttons(held, source, language, session))),
        )
        return CardReply(
            say("check.notice.summary", language, title=held.instrument.title.say(language), label=held.label),
            blocks,
            card_key("", On.NOTICE),
        )

    def _short(self, instrument: Instrument, source: Source, language: str) -> list[Line]:
        """What is stored, and who sees it, as briefly as that can be told."""
        say = self._texts.say
        if source is Source.CONSENSUS:
            return [Line(say("check.notice.short_group", language)), Line(say("check.official.group", language))]
        roles = official.role_names(instrument, language)
        shown = (
            say("check.notice.shown_official", language, roles=roles) if roles else say("check.notice.shown", language)
        )
        return [Line(say("check.notice.short", language)), Line(shown)]

    def information(self, language: str) -> str:
        """All that is told about personal data in the check."""
        return f"{self._texts.say('check.privacy', language)}\n\n{self._full(language)}"

    def _full(self, language: str) -> str:
        contacts = self._contacts
        return self._texts.say("check.notice.full", language, contact=contacts.strategist, dpo=contacts.data_protection)

    def _notice_buttons(self, held: Round, source: Source, language: str, session: Session | None) -> list[Button]:
        say = self._texts.say
        if session is not None:
            return [
                Button(
                    say("check.notice.accept_again", language),
                    opening(Verb.ACCEPT, held.id, source, language, draft=session.id, notice=self.version),
                    main=True,
                )
            ]
        other, title = (
            (Source.INDIVIDUAL, "check.notice.alone")
            if source is Source.CONSENSUS
            else (Source.CONSENSUS, "check.notice.group")
        )
        accept = opening(Verb.ACCEPT, held.id, source, language, notice=self.version)
        return [
            Button(say("check.notice.accept", language), accept, main=True),
            Button(say(title, language), opening(Verb.START, held.id, other, language)),
        ]

    def background(self, session: Session, held: Round, tenant: str) -> CardReply:
        """For whom and in which role: what is known is filled in, the tenant's organisation proposed."""
        language, say, instrument = session.language, self._texts.say, held.instrument
        group = session.source is Source.CONSENSUS
        title = say("check.background.title_group" if group else "check.background.title", language)
        proposed = self.proposal(instrument, tenant)
        blocks: list[Block] = [Line(title, Look.HEADING)]
        if proposed and not session.background.organisation:
            blocks.append(Line(say("check.background.proposed", language, title=proposed.title)))
        blocks += self._selects(session, instrument, proposed)
        told = official.before_choosing(session.source, instrument, self._texts, language)
        blocks += [Line(told)] if told else []
        blocks.append(
            Buttons(
                (
                    Button(
                        say("check.background.next", language),
                        action(Verb.BACKGROUND, session, On.BACKGROUND),
                        main=True,
                    ),
                )
            )
        )
        left = self.still_missing(session, instrument)
        typed = (
            say("check.background.typed", language, missing=left)
            if left
            else say("check.background.typed_all", language)
        )
        summary = (
            say("check.background.summary", language, title=title, missing=left)
            if left
            else say("check.background.summary_all", language, title=title)
        )
        blocks.append(Line(typed, Look.SUBTLE))
        return CardReply(summary, tuple(blocks), card_key(session.id, On.BACKGROUND))

    def still_missing(self, session: Session, instrument: Instrument) -> str:
        """What has to be said yet, in words; empty where nothing has."""
        names = missing(session.background, instrument)
        return ", ".join(self._texts.say(f"check.background.missing.{name}", session.language) for name in names)

    def proposal(self, instrument: Instrument, tenant: str) -> Organisation | None:
        """The organisation of a person's tenant, where there is just one."""
        likely = self._likely(instrument, tenant)
        return likely[0] if len(likely) == 1 else None

    def _likely(self, instrument: Instrument, tenant: str) -> list[Organisation]:
        names = {name.casefold() for name in self._tenants.get(tenant.lower(), ())}
        return [each for each in instrument.organisations if {each.id.casefold(), each.title.casefold()} & names]

    def _selects(self, session: Session, instrument: Instrument, proposed: Organisation | None) -> list[Select]:
        language, say, background = session.language, self._texts.say, session.background
        group = session.source is Source.CONSENSUS
        selects = []
        if instrument.organisations:
            chosen = background.organisation or (proposed.id if proposed else "")
            selects.append(
                Select(
                    "organisation",
                    say("check.background.organisation", language),
                    tuple((each.id, self._named(each, instrument, language)) for each in instrument.organisations),
                    (chosen,) if chosen else (),
                    compact=True,
                    required=True,
                    missing=say("check.background.organisation_missing", language),
                )
            )
        if instrument.roles:
            selects.append(
                Select(
                    "roles",
                    say("check.background.roles_group" if group else "check.background.roles", language),
                    tuple(
                        (
                            role.id,
                            say(
                                "check.background.role",
                                language,
                                title=role.title.say(language),
                                help=role.help.say(language),
                            )
                            if role.help
                            else role.title.say(language),
                        )
                        for role in instrument.roles
                    ),
                    background.roles,
                    many=True,
                    required=True,
                    missing=say("check.background.roles_missing", language),
                )
            )
        if instrument.operations:
            selects.append(
                Select(
                    "operation",
                    say("check.background.operation", language),
                    tuple((each.id, each.title.say(language)) for each in instrument.operations),
                    (background.operation,) if background.operation else (),
                    compact=True,
                    required=True,
                    missing=say("check.background.operation_missing", language),
                )
            )
        return selects

    def _named(self, organisation: Organisation, instrument: Instrument, language: str) -> str:
        if not organisation.shared:
            return organisation.title
        served = (instrument.organisation(each) for each in organisation.municipalities)
        titles = [each.title for each in served if each is not None]
        return self._texts.say(
            "check.background.shared",
            language,
            title=organisation.title,
            municipalities=", ".join(titles),
        )
