"""The tables as they are today, a module for each subject; `bot.storage.migrations` is how they came to be.

There are two databases. The main one holds everything; the identity database holds keys and nothing else, so that what
links a response to a person lives apart and can be destroyed by itself.
"""

from bot.storage.schema import (
    audit,
    background,
    budgets,
    cases,
    check,
    document_chats,
    editions,
    exports,
    generations,
    identity,
    jobs,
    journal,
    questions,
    reminders,
    talk,
    turns,
    web,
)

__all__ = [
    "audit",
    "background",
    "budgets",
    "cases",
    "check",
    "document_chats",
    "editions",
    "exports",
    "generations",
    "identity",
    "jobs",
    "journal",
    "questions",
    "reminders",
    "talk",
    "turns",
    "web",
]
