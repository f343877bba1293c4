"""Telling other systems that a round was closed: signed, thin messages by Standard Webhooks, from a stored outbox."""
