"""The app package: what Microsoft's own schemas say of it, in both languages, and what they cannot see."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from PIL import Image

from bot.conversation.check.commands import Commands, Verb
from bot.conversation.router import Flow, Router
from bot.conversation.texts import LANGUAGES, Texts
from bot.teams.app_package.bundle import FOLDER, bundle
from bot.teams.app_package.manifest import COMMANDS, SCHEMA, AppIdentity, manifest, translation
from tests.e2e.icons import drawn

SCHEMAS = Path(__file__).parents[3] / "e2e/node_modules/@microsoft/app-manifest/build/json-schemas/teams" / f"v{SCHEMA}"
IDENTITY = AppIdentity(
    "11111111-2222-4333-8444-555555555555", "2026.11.0", "Fyrbodals kommunalförbund", "https://fyren.example.se"
)
TEXTS = Texts.load()


def schema(request: pytest.FixtureRequest, name: str) -> jsonschema_rs.Draft4Validator:
    path = SCHEMAS / f"MicrosoftTeams.{name}schema.json"
    if not path.is_file():
        lack = "the schemas are missing: make client"
        (pytest.fail if request.config.getoption("--require-client") else pytest.skip)(lack)
    return jsonschema_rs.Draft4Validator(json.loads(path.read_bytes()), validate_formats=True)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_manifest_is_what_microsofts_schema_asks_for(request: pytest.FixtureRequest) -> None:
    files = unpacked(bundle(IDENTITY, TEXTS))
    problems = [str(each) for each in schema(request, "").iter_errors(json.loads(files["manifest.json"]))]
    assert problems == []


@pytest.mark.parametrize(
    "wrong",
    [{"accentColor": "blue"}, {"id": "fyren"}, {"name": {"short": "x" * 31}}, {"surprise": True}],
)
def test_the_schema_would_see_a_mistake(request: pytest.FixtureRequest, wrong: dict[str, Any]) -> None:
    assert not schema(request, "").is_valid(manifest(IDENTITY, TEXTS) | wrong)


def test_every_further_language_is_what_microsofts_schema_asks_for(request: pytest.FixtureRequest) -> None:
    files = unpacked(bundle(IDENTITY, TEXTS))
    checked = schema(request, "Localization.")
    for language in LANGUAGES[1:]:
        assert [str(each) for each in checked.iter_errors(json.loads(files[f"{language}.json"]))] == []


def test_every_text_of_the_manifest_that_can_be_translated_is() -> None:
    content: Any = manifest(IDENTITY, TEXTS)
    places = {"name.short", "name.full", "description.short", "description.full"}
    for number, commands in enumerate(content["bots"][0]["commandLists"]):
        for place, command in enumerate(commands["commands"]):
            fields = command.keys() - {"type"}
            places |= {f"bots[0].commandLists[{number}].commands[{place}].{field}" for field in fields}
    assert translation(TEXTS, "en").keys() - {"$schema"} == places


def test_the_archive_holds_every_file_that_the_manifest_names_and_no_other() -> None:
    files = unpacked(bundle(IDENTITY, TEXTS))
    content = json.loads(files["manifest.json"])
    named = {*content["icons"].values(), *(each["file"] for each in content["localizationInfo"]["additionalLanguages"])}
    assert files.keys() == named | {"manifest.json"}


def test_the_same_settings_give_the_same_bytes_and_the_same_app() -> None:
    assert bundle(IDENTITY, TEXTS) == bundle(IDENTITY, TEXTS)
    another = AppIdentity("99999999-2222-4333-8444-555555555555", "1.0.0", "X", "https://x.example.se")
    assert uuid.UUID(another.app_id) != uuid.UUID(IDENTITY.app_id) != uuid.UUID(IDENTITY.bot_id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", COMMANDS)
def test_every_command_does_what_it_says(scope: str, language: str) -> None:
    router, commands = Router.load(), Commands.load()
    expected: dict[str, Flow | Verb] = {
        "help": Flow.HELP,
        "privacy": Flow.PRIVACY,
        "human": Flow.HUMAN,
        "check": Flow.CHECK,
        "my_answers": Verb.MY_ANSWERS,
    }
    for name in COMMANDS[scope]:
        title = TEXTS.say(f"app.commands.{name}.title", language)
        if name == "digest":
            assert title.lower() in TEXTS.lines("reminders.weekly.here", language)
        elif isinstance(expected[name], Verb):
            command = commands.read(title)
            assert command is not None
            assert command.verb is expected[name]
        else:
            assert router.route(title).flow is expected[name]


def test_prompts_are_questions_and_no_commands() -> None:
    content: Any = manifest(IDENTITY, TEXTS)
    for commands in content["bots"][0]["commandLists"]:
        prompts = [each["prompt"] for each in commands["commands"] if each["type"] == "prompt"]
        assert prompts
        assert {Router.load().route(prompt).flow for prompt in prompts} == {Flow.QUESTION}


@pytest.mark.parametrize("name", ["color", "outline"])
def test_icons_are_drawn_from_what_is_beside_them(name: str) -> None:
    with Image.open(FOLDER / f"{name}.png") as stored:
        assert stored.convert("RGBA").tobytes() == drawn(name).tobytes()


def test_the_colour_icon_fills_its_square() -> None:
    with Image.open(FOLDER / "color.png") as icon:
        assert icon.size == (192, 192)
        assert icon.convert("RGBA").getchannel("A").getextrema() == (255, 255)
        # The lighthouse keeps to the middle 120 pixels, as Teams rounds the corners off.
        assert len(icon.convert("RGB").crop((0, 0, 192, 28)).getcolors() or ()) == 1


def test_the_outline_is_white_on_nothing() -> None:
    with Image.open(FOLDER / "outline.png") as icon:
        assert icon.size == (32, 32)
        pixels = [icon.convert("RGBA").getpixel((x, y)) for x in range(32) for y in range(32)]
    seen = [pixel for pixel in pixels if isinstance(pixel, tuple) and pixel[3]]
    assert 60 < len(seen) < 400
    assert {pixel[:3] for pixel in seen} == {(255, 255, 255)}
