"""Reply -> activity: what the conversation says, as the JSON that Teams is sent.

Activities stay below 80 kB in UTF-16 (Teams takes about 100): what has no limit of its own is the text, which is cut
between words, and cards, which `card_size` cuts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversation.card import CardReply, DoneReply, FileReply, NoticeReply
from bot.conversation.replies import AnswerReply, FigureReply, MenuReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Scope
from bot.teams.cards import elements as cards
from bot.teams.cards.card_size import fitted_card
from bot.teams.cards.citations import ai_entity, renumbering
from bot.teams.cards.figure_card import Pictures, figure_card
from bot.teams.cards.file_cards import consent_card
from bot.teams.cards.markdown import markdown, shorten
from knowledge.links import without_links

TEXT_LIMIT = 24_000
"""UTF-16 units of a message's text: 48 kB, which leaves room for citations and buttons."""
SUGGESTIONS = 3
TITLE_LIMIT = 120

Json = dict[str, Any]

TYPING: Json = {"type": "typing"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One activity to send.

    `answer` names the answer that it carries, for tying a thumb to it; `key` the card, for replacing it later.
    """

    payload: Json
    answer: str | None = None
    key: str = ""


class Renderer:
    """Renders the replies to one turn. `pictures` tells where a figure's pictures are, if anywhere."""

    def __init__(self, texts: Texts, pictures: Pictures | None = None) -> None:
        self._texts = texts
        self._pictures = pictures

    def render(self, replies: Sequence[Reply], scope: Scope, language: str) -> list[Rendered]:
        """The activities, in order; a DoneReply becomes a card of its own.

        Suggestions are offered in one-to-one chats only (elsewhere a press would not mention the bot), and on the last
        message only, since Teams shows them nowhere else. A card takes them as buttons, a message with citations none.
        """
        offered = self._offered(replies) if scope is Scope.PERSONAL else ()
        spoken = spoken_in(replies, language)
        last = len(replies) - 1
        return [self._rendered(reply, spoken, offered if index == last else ()) for index, reply in enumerate(replies)]

    @staticmethod
    def _offered(replies: Sequence[Reply]) -> tuple[str, ...]:
        said = [reply.suggestions for reply in replies if isinstance(reply, TextReply | AnswerReply)]
        latest = next((suggestions for suggestions in reversed(said) if suggestions), ())
        distinct = dict.fromkeys(each.strip() for each in latest if each.strip())
        return tuple(distinct)[:SUGGESTIONS]

    def _rendered(self, reply: Reply, language: str, suggestions: tuple[str, ...]) -> Rendered:
        match reply:
            case AnswerReply(answer=answer):
                # Microsoft's Agents Playground shows no citations on a message that has suggested actions, so an
                # answer offers none unless it cites nothing.
                return Rendered(self._answer(reply, () if answer.citations else suggestions), reply.id or None)
            case TextReply(text):
                return Rendered(self._message(markdown(text), language, suggestions))
            case FigureReply(figure=figure, caption=caption):
                picture = self._pictures(figure, language) if self._pictures is not None else None
                card = figure_card(reply, self._texts, language, suggestions, picture)
                return Rendered(_card_message(card, caption))
            case MenuReply(title=title):
                return Rendered(_card_message(cards.menu_card(reply), title))
            case DoneReply(text):
                return Rendered(_card_message(cards.done_card(reply), text))
            case CardReply(summary, _, key):
                return Rendered(_card_message(fitted_card(reply, self._texts, language), summary), key=key)
            case NoticeReply(text):
                return Rendered(self._message(markdown(text), language, suggestions))
            case FileReply():
                return Rendered({"type": "message", "attachments": [consent_card(reply)]})

    def _answer(self, reply: AnswerReply, suggestions: tuple[str, ...]) -> Json:
        answer = reply.answer
        positions = renumbering(answer.citations)
        allowed = frozenset(citation.url for citation in answer.citations if citation.url)
        paragraphs = [
            markdown(without_links(said, allowed), positions) for said in (reply.lead, answer.text, *answer.notes)
        ]
        text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
        payload = self._message(text, answer.language, suggestions)
        entity = ai_entity(answer.citations, positions, self._texts, answer.language, generated=not reply.curated)
        payload["entities"] = [entity]
        if reply.id:
            payload["channelData"] = {"feedbackLoop": {"type": "default"}}
        return payload

    def _message(self, text: str, language: str, suggestions: tuple[str, ...]) -> Json:
        payload: Json = {"type": "message", "textFormat": "markdown", "text": self._fitted(text, language)}
        if suggestions:
            actions = [{"type": "imBack", "title": shorten(each, TITLE_LIMIT), "value": each} for each in suggestions]
            payload["suggestedActions"] = {"actions": actions}
        return payload

    def _fitted(self, text: str, language: str) -> str:
        if units(text) <= TEXT_LIMIT:
            return text
        ending = "\n\n" + markdown(self._texts.say("teams.cut", language))
        room = TEXT_LIMIT - units(ending) - 1
        head = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore")
        whole, space, _ = head.rpartition(" ")
        # A backslash left at the end would act on the ellipsis.
        return (whole if space else head).rstrip(" \n\\") + "…" + ending


def spoken_in(replies: Sequence[Reply], language: str) -> str:
    """The language of the answer among the replies, else the given one."""
    return next((reply.answer.language for reply in replies if isinstance(reply, AnswerReply)), language)


def units(text: str) -> int:
    """UTF-16 code units, which is what Teams counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _card_message(card: Json, summary: str) -> Json:
    return {"type": "message", "summary": shorten(summary, TITLE_LIMIT), "attachments": [cards.attachment(card)]}
