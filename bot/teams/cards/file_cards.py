"""A file in the chat: the card that asks whether it is wanted, and the one that leads to it."""

from __future__ import annotations

from bot.conversation.card import FileReply
from bot.teams.cards.elements import Json
from bot.teams.files.consent import UploadTarget

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"


def consent_card(reply: FileReply) -> Json:
    """Asks whether Teams may put the file in the person's OneDrive; both answers name it by its key."""
    return {
        "contentType": CONSENT,
        "name": reply.name,
        "content": {
            "description": reply.description,
            "sizeInBytes": len(reply.content),
            "acceptContext": {"key": reply.key},
            "declineContext": {"key": reply.key},
        },
    }


def info_card(target: UploadTarget, name: str) -> Json:
    """Leads to a file that has been put in the person's OneDrive."""
    return {
        "contentType": INFO,
        "contentUrl": target.content_url,
        "name": target.name or name,
        "content": {"uniqueId": target.unique_id, "fileType": target.file_type},
    }
