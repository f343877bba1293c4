"""The check of the catalogue reads templates of web pages as it reads code."""

from __future__ import annotations

from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.texts_check import Usage, add_templates, problems

CATALOGUE = {
    "a.plain": "x",
    "a.named": "x {name}",
    "a.kind.one": "x",
    "a.kind.two": "x",
    "a.asked": "x",
    "a.unused": "x",
}
TEMPLATE = """
{% extends "base.html" %}
{% set key = "a.asked" %}
{{ say("a.plain") }} {{ say("a.named", name=visitor.name) }} {{ say("a.kind." ~ kind) }} {{ say(key) }}
"""


def found(template: str) -> list[str]:
    usage = Usage()
    add_templates(usage, [("page.html", template)])
    return list(problems(Texts(dict.fromkeys(LANGUAGES, CATALOGUE)), usage))


def test_what_templates_ask_for_is_used_and_nothing_else_is() -> None:
    assert found(TEMPLATE) == ["a.unused: nothing in the code asks for it"]


def test_a_template_that_asks_wrongly_is_told_with_its_line() -> None:
    wrong = TEMPLATE + '{{ say("a.nowhere") }}{{ say("a.named", nam=1) }}{{ say("a.named", **values) }}'
    assert found(wrong)[1:] == [
        "page.html:5: asks for a.nowhere, which does not exist",
        "page.html:5: a.named takes ['name'], not ['nam']",
    ]
