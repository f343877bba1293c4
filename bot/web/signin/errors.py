"""The exceptions of signing in.

SigninError
├── ProviderFailed       the OpenID provider did not answer, or not as it should
└── SigninRefused        nobody is signed in; `reason` is a key of the texts below `signin.refused`
"""

from __future__ import annotations

from enum import StrEnum

from bot.web.errors import WebError


class Reason(StrEnum):
    """Why somebody was not signed in, as far as they are told; what exactly was wrong goes to the log."""

    EXPIRED = "expired"
    DECLINED = "declined"
    UNTRUSTED = "untrusted"
    NO_ROLE = "no_role"
    WRONG_CODE = "wrong_code"
    LOCKED = "locked"


class SigninError(WebError):
    """Root of what this package raises."""


class ProviderFailed(SigninError):
    """The provider could not be asked; it may work in a while."""


class SigninRefused(SigninError):
    """The attempt is over. The message says why, for the log, and holds neither tokens nor codes.

    `subject` and `tenant` are the person's, where it is certain who they are.
    """

    def __init__(self, reason: Reason, message: str, *, subject: str = "", tenant: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.subject = subject
        self.tenant = tenant
