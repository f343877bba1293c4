"""The buttons of the check: which verbs there are, what their data holds, and what is refused as made by no card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.texts import LANGUAGES
from bot.conversation.turn import Action
from bot.maturity.errors import Refused
from bot.maturity.instrument import Null
from bot.maturity.session import Background, Given, Session, Source

PREFIX = "check."
NULL = "null"
CODE = "code"
COMMENT = "comment"
CHOICES = "choices"
WORDS = "words"


class On(StrEnum):
    """The card that a button stands on. LINE is what a card has become."""

    NOTICE = "notice"
    BACKGROUND = "background"
    ITEM = "item"
    REVIEW = "review"
    PENDING = "pending"
    RESULT = "result"
    REMINDER = "reminder"
    LINE = "line"


class Verb(StrEnum):
    """What a button of the check asks for."""

    START = "start"
    ACCEPT = "accept"
    BACKGROUND = "background"
    CHANGE_BACKGROUND = "change_background"
    ANSWER = "answer"
    CHOOSE = "choose"
    WRITE = "write"
    SHOW = "show"
    BACK = "back"
    REVIEW = "review"
    SKIP_REST = "skip_rest"
    PAUSE = "pause"
    RESUME = "resume"
    SUBMIT = "submit"
    YES = "yes"
    NO = "no"
    MY_ANSWERS = "my_answers"
    ERASE = "erase"
    REMIND = "remind"
    REFUSE_REMINDERS = "refuse_reminders"


KEYS: Mapping[Verb, frozenset[str]] = {
    Verb.START: frozenset({"round", "source", "language"}),
    Verb.ACCEPT: frozenset({"round", "source", "language", "draft", "notice"}),
    Verb.BACKGROUND: frozenset({"round", "draft", "card", "organisation", "roles", "operation"}),
    Verb.ANSWER: frozenset({"round", "draft", "card", "item", CODE, NULL, COMMENT, CHOICES, WORDS}),
    Verb.CHOOSE: frozenset({"round", "draft", "card", "item", CHOICES, COMMENT}),
    Verb.WRITE: frozenset({"round", "draft", "card", "item", WORDS, COMMENT}),
    Verb.SHOW: frozenset({"round", "draft", "card", "item", COMMENT, CHOICES, WORDS}),
    Verb.YES: frozenset({"round", "draft", "card", "pending"}),
    Verb.NO: frozenset({"round", "draft", "card", "pending"}),
    Verb.REMIND: frozenset({"round", "draft", "card", "language"}),
    Verb.REFUSE_REMINDERS: frozenset({"round", "draft", "card", "language"}),
}
"""What the data of a button may hold, inputs of its card included."""

ANYWHERE = frozenset(
    {"round", "draft", "card", "item", "pending", "organisation", "roles", "operation", COMMENT, CHOICES, WORDS},
)
"""The same for buttons that stand on several cards: they carry that card's inputs, and read none of them."""

LONGEST = 100
"""Characters of an id in a button's data."""

_OPENING = frozenset({"round", "source", "language"})
_REMINDING = frozenset({"round", "card", "language"})
NEEDED: Mapping[Verb, frozenset[str]] = {
    Verb.START: _OPENING,
    Verb.ACCEPT: _OPENING,
    Verb.REMIND: _REMINDING,
    Verb.REFUSE_REMINDERS: _REMINDING,
}
"""What the data of a button has at least, where that is not the session that it belongs to."""
INPUTS = frozenset({COMMENT, WORDS})


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the check that was pressed, its data checked for form, not yet for sense."""

    verb: Verb
    data: Mapping[str, str]

    @property
    def draft(self) -> str:
        """The id of the session whose card held the button."""
        return self.data.get("draft", "")

    @property
    def round(self) -> str:
        """The id of the round that the card belongs to."""
        return self.data.get("round", "")

    @property
    def language(self) -> str:
        """The language that the card was read in, where it says so; empty for one that Fyren does not speak."""
        language = self.data.get("language", "")
        return language if language in LANGUAGES else ""

    @property
    def item(self) -> str:
        """The item that the button is about, if any."""
        return self.data.get("item", "")

    @property
    def comment(self) -> str | None:
        """The comment written on the card; None where it has no room for one."""
        return self.data.get(COMMENT)

    @property
    def key(self) -> str:
        """The key of the card that held the button."""
        on = self.data.get("card", On.NOTICE)
        if on in (On.ITEM, On.LINE):
            return card_key(self.draft, On.ITEM, self.item)
        return (
            card_key(self.draft, On.PENDING, self.data.get("pending", ""))
            if on == On.PENDING
            else card_key(self.draft, on)
        )

    @property
    def source(self) -> Source:
        """Whether one person or a group answers. Raises Refused."""
        try:
            return Source(self.data.get("source", ""))
        except ValueError:
            raise Refused("card_unknown") from None

    @property
    def given(self) -> Given:
        """The answer that was pressed, chosen or written. Raises Refused."""
        if self.verb is Verb.CHOOSE:
            codes = _parts(self.data.get(CHOICES, ""))
            if not codes:
                raise Refused("choices_missing")
            return Given(codes=codes)
        if self.verb is Verb.WRITE:
            words = self.data.get(WORDS, "")
            if not words.strip():
                raise Refused("words_missing")
            return Given(text=words)
        if (CODE in self.data) == (NULL in self.data):
            raise Refused("card_unknown")
        if CODE in self.data:
            return Given(codes=(self.data[CODE],))
        try:
            return Given(null=Null(self.data[NULL]))
        except ValueError:
            raise Refused("card_unknown") from None

    @property
    def background(self) -> Background:
        """What was chosen for whom and in which role."""
        data = self.data
        return Background(data.get("organisation", ""), _parts(data.get("roles", "")), data.get("operation", ""))


def is_of_check(action: Action) -> bool:
    """Whether a button belongs to the check."""
    return action.verb.startswith(PREFIX)


def read(action: Action) -> Press:
    """The press of a button of the check.

    Raises Refused for what no card of the check sends: an unknown verb, missing or foreign keys, endless ids.
    """
    try:
        verb = Verb(action.verb.removeprefix(PREFIX))
    except ValueError:
        raise Refused("card_unknown") from None
    needed = NEEDED.get(verb, frozenset({"round", "draft"}))
    keys = set(action.data)
    endless = any(len(value) > LONGEST for key, value in action.data.items() if key not in INPUTS and key != CHOICES)
    if not needed <= keys <= KEYS.get(verb, ANYWHERE) or endless:
        raise Refused("card_unknown")
    return Press(verb, action.data)


def card_key(draft: str, on: str, which: str = "") -> str:
    """Names a card to whoever remembers where it stands; there is one notice, whoever reads it."""
    if on == On.NOTICE:
        return f"{PREFIX}{On.NOTICE}"
    return ":".join(part for part in (f"{PREFIX}{on}", draft, which) if part)


def action(verb: Verb, session: Session, on: On, **more: str) -> Action:
    """A button's action on a session's card."""
    return of_draft(verb, session.round, session.id, on, **more)


def of_draft(verb: Verb, round_id: str, draft: str, on: On, **more: str) -> Action:
    """The same where only the ids of the session and its round are known."""
    return Action(f"{PREFIX}{verb}", {"round": round_id, "draft": draft, "card": on, **more})


def opening(verb: Verb, round_id: str, source: Source, language: str, **more: str) -> Action:
    """A button's action before there is a session; `language` is the one that its card was read in."""
    return Action(f"{PREFIX}{verb}", {"round": round_id, "source": source, "language": language, **more})


def reminding(verb: Verb, round_id: str, draft: str, language: str) -> Action:
    """A button's action on a card about reminders; `draft` is empty where no session was begun."""
    data = {"round": round_id, "card": On.REMINDER, "language": language}
    return Action(f"{PREFIX}{verb}", data | ({"draft": draft} if draft else {}))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
