"""Wrong settings, one line each: the variable, what is wrong, and what to write."""

from __future__ import annotations

from bot.cli.console import Console
from bot.settings import Problem, SettingsInvalid


def sentence(problem: Problem, console: Console) -> str:
    """One problem in words."""
    return console.say(f"settings.problem.{problem.kind}", name=problem.name, **problem.values)


def report(error: SettingsInvalid, command: str, console: Console) -> int:
    """Tell all problems and return the exit code; `doctor` tells them as checks that failed."""
    sentences = [sentence(problem, console) for problem in error.problems]
    if console.json and command == "doctor":
        checks = [
            {"check": "settings", "status": "error", "message": each, "setting": problem.name}
            for each, problem in zip(sentences, error.problems, strict=True)
        ]
        console.data({"status": "error", "checks": checks})
        return 1
    write = console.line if command == "doctor" else console.note
    write(console.say("settings.invalid"))
    for each in sentences:
        write(f"  {each}")
    return 1
