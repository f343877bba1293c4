"""What can be wrong with settings: one problem a mistake, with the variable's name and values for its text.

    SettingsInvalid      one or more settings are wrong; each problem has its name, what is wrong, and what to write

The texts of the problems are in the message catalogue under `settings.problem`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic_core import ErrorDetails

from knowledge.swedish.steps import Step

PREFIX = "FYREN_"
_KINDS = {
    "int_parsing": "no_integer",
    "float_parsing": "no_number",
    "finite_number": "no_number",
    "bool_parsing": "no_boolean",
    "literal_error": "not_one_of",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one setting: its variable, the kind of mistake (a catalogue key), and values for the text."""

    name: str
    kind: str
    values: Mapping[str, object] = field(default_factory=dict)


class SettingsInvalid(Exception):
    """The settings cannot be used; no value of a setting stands in the message."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.name}: {problem.kind}" for problem in problems))
        self.problems = problems


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def problem_of(detail: ErrorDetails) -> Problem:
    """What pydantic found wrong with one setting, in the words of the catalogue."""
    name = str(detail["loc"][0])
    kind = _KINDS.get(detail["type"], detail["type"])
    context = detail.get("ctx", {})
    match kind:
        case "not_one_of":
            return Problem(
                variable(name), kind, {"allowed": str(context["expected"]).replace("'", "").replace(" or ", ", ")}
            )
        case "unknown_step":
            return Problem(variable(name), kind, {"unknown": context["unknown"], "allowed": ", ".join(Step)})
        case "too_small":
            return Problem(variable(name), kind, {"limit": context.get("ge", context.get("gt"))})
        case "too_large":
            return Problem(variable(name), kind, {"limit": context["le"]})
        case (
            "placeholder"
            | "no_guid"
            | "no_url"
            | "no_public_url"
            | "no_issuer"
            | "no_key_source"
            | "no_hosts"
            | "no_organisations"
            | "no_roles"
            | "no_sites"
            | "no_people"
            | "no_channel"
            | "no_email"
            | "no_webhook"
            | "no_webhook_secret"
            | "no_listening"
            | "no_integer"
            | "no_number"
            | "no_boolean"
        ):
            return Problem(variable(name), kind)
        case _:
            return Problem(variable(name), "other", {"detail": detail["msg"]})
