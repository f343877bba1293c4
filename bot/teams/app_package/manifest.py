"""What Teams is told of the app: the manifest, and its texts in each language.

Schema 1.29 of the Microsoft 365 app manifest; the limits of its texts are held by the tests, against Microsoft's own
schema. The first language of the catalogues is the manifest's own, the others are files beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.conversation.texts import LANGUAGES, Texts

SCHEMA = "1.29"
COLOUR = "#12597A"
"""Behind the icon: the colour that the colour icon is filled with."""
ICONS = {"color": "color.png", "outline": "outline.png"}
FEATURES = ("ask", "check", "sources")
PROMPTS = ("portfolio", "nis2", "ai", "challenges", "maturity")
"""Topics of the help whose question Teams offers before anything has been written."""
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "personal": ("check", "my_answers", "human", "help", "privacy"),
    "team": ("help", "privacy", "digest"),
    "groupChat": ("help", "privacy"),
}
"""What can be typed, by scope."""

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """What is one installation's own: `bot_id` is the app id of its registration (a GUID), `address` where people and
    Teams reach it (`https://...`, without a slash at the end), `publisher` at most 32 characters."""

    bot_id: str
    version: str
    publisher: str
    address: str

    @property
    def app_id(self) -> str:
        """A GUID that stays the same for the bot, so that a later package is an update of the app."""
        return str(uuid.uuid5(uuid.UUID(self.bot_id), "teams-app"))


def manifest(identity: AppIdentity, texts: Texts) -> Json:
    """The content of `manifest.json`."""
    language, *others = LANGUAGES
    said = dict(_texts(texts, language))
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": identity.version,
        "id": identity.app_id,
        "localizationInfo": {
            "defaultLanguageTag": language,
            "additionalLanguages": [{"languageTag": other, "file": file_of(other)} for other in others],
        },
        "developer": {
            "name": identity.publisher,
            "websiteUrl": f"{identity.address}/",
            "privacyUrl": f"{identity.address}/privacy",
            "termsOfUseUrl": f"{identity.address}/terms",
        },
        "name": {"short": said["name.short"], "full": said["name.full"]},
        "description": {
            "short": said["description.short"],
            "full": said["description.full"],
            # Teams takes no translations of these.
            "features": [
                {
                    "title": texts.say(f"app.features.{feature}.title", language),
                    "description": texts.say(f"app.features.{feature}.description", language),
                }
                for feature in FEATURES
            ],
        },
        "icons": dict(ICONS),
        "accentColor": COLOUR,
        "bots": [
            {
                "botId": identity.bot_id,
                "scopes": list(COMMANDS),
                "supportsFiles": True,
                "isNotificationOnly": False,
                "commandLists": [
                    {"scopes": [scope], "commands": list(_commands(texts, language, scope))} for scope in COMMANDS
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(identity.address).netloc],
        "defaultInstallScope": "personal",
    }


def translation(texts: Texts, language: str) -> Json:
    """The content of a further language's file: the manifest's texts by their places in it."""
    schema = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/MicrosoftTeams.Localization.schema.json"
    said: Json = {"$schema": schema, **dict(_texts(texts, language))}
    for number, scope in enumerate(COMMANDS):
        for place, command in enumerate(_commands(texts, language, scope)):
            for name in ("title", "description", "prompt"):
                if name in command:
                    said[f"bots[0].commandLists[{number}].commands[{place}].{name}"] = command[name]
    return said


def file_of(language: str) -> str:
    """The name of a further language's file."""
    return f"{language}.json"


def _texts(texts: Texts, language: str) -> Iterator[tuple[str, str]]:
    for name in ("name.short", "name.full", "description.short", "description.full"):
        yield name, texts.say(f"app.{name}", language)


def _commands(texts: Texts, language: str, scope: str) -> Iterator[dict[str, str]]:
    for topic in PROMPTS:
        question = texts.say(f"help.topics.{topic}.question", language)
        yield {
            "type": "prompt",
            "title": texts.say(f"help.topics.{topic}.title", language),
            "description": question,
            "prompt": question,
        }
    for command in COMMANDS[scope]:
        yield {
            "type": "basic",
            "title": texts.say(f"app.commands.{command}.title", language),
            "description": texts.say(f"app.commands.{command}.description", language),
        }
