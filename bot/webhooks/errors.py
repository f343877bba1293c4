"""The exceptions of the webhooks.

WebhookError
├── TargetRefused      an address that messages may not go to
├── SecretUnfit        a secret that is none, or too short to sign with
└── OutboxFailed       what an outbox raises; nothing that it was asked to write is written
"""

from __future__ import annotations


class WebhookError(Exception):
    """Root of what this package raises."""


class TargetRefused(WebhookError):
    """The message says why, without the address: it may hold a secret."""


class SecretUnfit(WebhookError):
    """The message says what is missing."""


class OutboxFailed(WebhookError):
    """The outbox could not be read or written."""
