"""Every setting of Fyren, read once from the environment: prefix `FYREN_`, frozen, passed on as values.

The fields are in `bot.settings_fields`, a module for each subject. There, too, is what can be wrong with them
(`problems`), which of them do not fit each other (`together`), and what a text must be to count as a value (`values`).
"""

from __future__ import annotations

import difflib
import os
from typing import Final, Self

from pydantic import SecretStr, ValidationError

from bot.settings_fields.fields import Fields
from bot.settings_fields.problems import PREFIX, Problem, SettingsInvalid, problem_of, variable
from bot.settings_fields.together import do_not_fit

__all__ = ["PREFIX", "Problem", "Settings", "SettingsInvalid", "table", "unknown_variables", "variable"]

OF_COMPOSE: Final = frozenset({"FYREN_PUBLIC_NAME", "FYREN_DATABASE_PASSWORD"})
"""What deploy/compose.yml makes settings of; it passes them on with those."""


class Settings(Fields):
    """The settings; `Settings.read()` is how to get them."""

    @classmethod
    def read(cls, **given: object) -> Self:
        """From the environment, `given` going before it. Raises SettingsInvalid with every problem there is."""
        try:
            settings = cls(**given)  # type: ignore[arg-type]  # values that pydantic checks against each field
        except ValidationError as error:
            raise SettingsInvalid([problem_of(detail) for detail in error.errors(include_url=False)]) from None
        together = list(do_not_fit(settings))
        if together:
            raise SettingsInvalid(together)
        return settings


def unknown_variables() -> list[tuple[str, str]]:
    """Environment variables with the prefix that are no setting, each with the nearest setting's (or empty)."""
    known = [variable(name) for name in Settings.model_fields]
    strays = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in {*known, *OF_COMPOSE})
    return [(stray, next(iter(difflib.get_close_matches(stray, known, 1)), "")) for stray in strays]


def table() -> str:
    """All settings as a Markdown table, for the documentation."""
    rows = ["| Setting | Default | What it does |", "| --- | --- | --- |"]
    for name, info in Settings.model_fields.items():
        default = info.default.get_secret_value() if isinstance(info.default, SecretStr) else info.default
        shown = str(default).lower() if isinstance(default, bool) else default
        rows.append(
            f"| `{variable(name)}` | {f'`{shown}`' if shown not in ('', (), {}) else ''} | {info.description} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - the documentation's table is redrawn from here
