"""The exceptions of the Teams package.

TeamsError
├── ConfigInvalid         the settings cannot work together, or would open the bot to strangers
├── BodyTooLarge          a body is longer than agreed (HTTP 413)
├── ActivityInvalid       what came in is no activity that can be answered (HTTP 400)
├── TokenRejected         the caller is not the Bot Framework service of this bot (HTTP 401)
├── KeysUnavailable       no signing key could be fetched yet, so nobody can be told apart (HTTP 503)
├── CallerRefused         a genuine caller that this installation does not serve (HTTP 403)
├── CredentialsFailed     no token for the connector could be fetched
├── UploadFailed          a file could not be put where Teams wanted it
├── DownloadFailed        a file that a person sent could not be fetched
├── AddressInvalid        what should be a chat's address is none
└── SendFailed            the connector did not take an activity
    └── Unreachable       and never will: the person blocked or removed the bot, or the conversation is gone
"""

from __future__ import annotations


class TeamsError(Exception):
    """Root of all that this package raises on purpose."""


class ConfigInvalid(TeamsError):
    """The message says which value is wrong and what to write instead."""


class BodyTooLarge(TeamsError):
    """There is more than the limit allows; the rest was not read."""


class ActivityInvalid(TeamsError):
    """The message says what is wrong with the activity in words that may be sent back; it quotes nothing from it."""


class TokenRejected(TeamsError):
    """The message is for the log; the caller is told nothing but 401."""


class KeysUnavailable(TeamsError):
    """The OpenID metadata has never been read successfully."""


class CallerRefused(TeamsError):
    """Tenant or service address outside what the configuration allows."""


class CredentialsFailed(TeamsError):
    """Microsoft Entra ID gave no token, and no older one is valid."""


class UploadFailed(TeamsError):
    """The message is for the log, and names no address: whoever holds it may write to it."""


class DownloadFailed(TeamsError):
    """The message is for the log, and names no address: whoever holds it may read the file."""


class AddressInvalid(TeamsError):
    """It was packed by another version, or by nobody; the message quotes nothing of it."""


class SendFailed(TeamsError):
    """`status` is the connector's last HTTP status, None where there was no answer at all.

    `arrived` is whether the activity may have arrived all the same. `pause` is how many seconds the connector asks to
    wait, None where it says nothing about that. `detail` is what it says about the failure, shortened; empty where it
    says nothing.
    """

    def __init__(
        self,
        message: str,
        status: int | None = None,
        *,
        arrived: bool = False,
        pause: float | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.arrived = arrived
        self.pause = pause
        self.detail = detail


class Unreachable(SendFailed):
    """403 or 404: a normal outcome that no retry changes."""
