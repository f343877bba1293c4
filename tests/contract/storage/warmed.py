"""Imported by the server that processes are forked from: what each of them would otherwise build for itself.

The readers of stored sessions and answers take a tenth of a second, a large part of what a short-lived process costs.
"""

from __future__ import annotations

from bot.maturity.responses import ItemAnswer
from bot.storage.check.sessions_json import answer_from_json, answer_to_json, session_from_json, session_to_json
from tests.contract.storage.checks import a_session

session_from_json(session_to_json(a_session()))
answer_from_json(answer_to_json(ItemAnswer("i")))
