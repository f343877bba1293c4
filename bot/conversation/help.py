"""What Fyren says about itself: welcome, help, privacy, and answers to small talk."""

from __future__ import annotations

from bot.conversation.card import Button
from bot.conversation.replies import MenuReply, Reply, TextReply
from bot.conversation.router import Flow
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Scope

ASK = "ask"
"""The verb of a button that asks a question; its data holds the question under `question`."""

TOPICS = ("challenges", "portfolio", "nis2", "ai", "initiatives", "maturity")


class HelpFlow:
    """Fixed texts; `history_days` is told to those who ask what is stored."""

    def __init__(self, texts: Texts, *, history_days: int) -> None:
        self._texts = texts
        self._history_days = history_days

    def welcome(self, language: str, scope: Scope) -> Reply:
        """The first message: that this is an AI assistant, what it covers, and three questions to start with."""
        key = "welcome.text" if scope is Scope.PERSONAL else "welcome.group"
        return TextReply(self._texts.say(key, language), self._starters(language))

    def menu(self, language: str) -> Reply:
        """Help: topics as buttons, each of which asks a question."""
        choices = tuple(
            Button(
                self._texts.say(f"help.topics.{topic}.title", language),
                Action(ASK, {"question": self._texts.say(f"help.topics.{topic}.question", language)}),
            )
            for topic in TOPICS
        )
        title, text = self._texts.say("help.title", language), self._texts.say("help.text", language)
        return MenuReply(title, text, choices)

    def say(self, flow: Flow, language: str) -> Reply:
        """The fixed answer of any flow that is no question."""
        match flow:
            case Flow.HELP:
                return self.menu(language)
            case Flow.PRIVACY:
                return TextReply(self._texts.say("privacy.text", language, days=self._history_days))
            case Flow.EMPTY | Flow.NO_WORDS:
                return TextReply(self._texts.say(f"ask.{flow}", language), self._starters(language))
            case Flow.GREETING | Flow.ABOUT:
                return TextReply(self._texts.say(f"talk.{flow}", language), self._starters(language))
            case _:
                return TextReply(self._texts.say(f"talk.{flow}", language))

    def _starters(self, language: str) -> tuple[str, ...]:
        return self._texts.lines("welcome.starters", language)
