"""install.md: every command is one that its program takes, and names only what there is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

import yaml

from bot.cli.parser import build_parser
from bot.settings import Settings
from tests.deploy.handbook import ROOT, Typed, anchors, blocks, links, typed
from tests.deploy.test_handbook import EXACTLY, OTHERS

PAGE = ROOT / "deploy" / "install.md"
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text("utf-8"))
KUBERNETES = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")))
SYSTEMD = {"fyren", "fyren-backup.timer"}
MORE = {
    "install --directory --owner=fyren --group=fyren --mode=700 /var/backups/fyren /var/backups/fyren-keys",
    "kubectl create namespace fyren",
    "kubectl label namespace fyren pod-security.kubernetes.io/enforce=restricted",
    "az group create --name fyren --location swedencentral",
    "az acr create --resource-group fyren --name REGISTRY --sku Basic",
    "az deployment group show --resource-group fyren --name main --query properties.outputs",
}
"""Commands that name nothing that could be another one here."""


def docker(words: tuple[str, ...]) -> None:
    match words[1:]:
        case ("compose", *_):
            compose(words)
        case ("build", "--file", file, "--tag", tag, "."):
            assert (ROOT / file).is_file()
            assert tag.startswith("fyren:")
        case ("run", "--rm", _, "--version"):
            pass
        case other:
            raise AssertionError(other)


def compose(words: tuple[str, ...]) -> None:
    assert words[2:6] == ("--file", "deploy/compose.yml", "--env-file", "deploy/fyren.env")
    verb, *rest = words[6:]
    named = [word for word in rest if not word.startswith("--")]
    match verb:
        case "up":
            assert set(named) <= {*COMPOSE["services"]}
        case "exec":
            assert named[0] in COMPOSE["services"]
            if named[1] == "fyren":
                assert build_parser().parse_args(rest[rest.index("fyren", rest.index("fyren") + 1) + 1 :]).module
            else:
                assert named[1] in ("pg_dump", "pg_restore")
                assert COMPOSE["services"]["database"]["environment"]["POSTGRES_USER"] in named
        case "run":
            at = rest.index("fyren")
            assert rest[0] == "--rm"
            assert build_parser().parse_args(rest[at + 1 :]).module
        case "cp":
            assert any(each.partition(":")[0] in COMPOSE["services"] for each in named)
        case other:
            raise AssertionError(other)


def kubectl(words: tuple[str, ...]) -> None:
    assert words[1:3] == ("--namespace", "fyren")
    names = {(each["kind"].lower(), each["metadata"]["name"]) for each in KUBERNETES}
    match words[3:]:
        case ("create", "secret", "generic", name, "--from-env-file", "fyren.env"):
            [deployment] = [each for each in KUBERNETES if each["kind"] == "Deployment"]
            [container] = deployment["spec"]["template"]["spec"]["containers"]
            assert {"secretRef": {"name": name}} in container["envFrom"]
        case ("apply", "--filename", file):
            assert (ROOT / file).is_file()
        case ("rollout", "status", what) | ("set", "image", what, _):
            assert tuple(what.split("/")) in names
        case other:
            raise AssertionError(other)


def az(words: tuple[str, ...]) -> None:
    files = [word for word in words if word.startswith("deploy/")]
    assert files
    assert all((ROOT / file).is_file() for file in files)
    assert words[1:3] in (("deployment", "group"), ("acr", "build"))


def systemctl(words: tuple[str, ...]) -> None:
    assert words[1] in ("daemon-reload", "enable")
    assert set(words[2:]) <= {"--now", *SYSTEMD}


def make(words: tuple[str, ...]) -> None:
    target = words[-1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def copied(words: tuple[str, ...]) -> None:
    for source in words[1:-1]:
        assert (ROOT / source.removeprefix("/opt/fyren/")).exists() or source.startswith("--"), source


CHECKS: Mapping[str, Callable[[tuple[str, ...]], None]] = {
    **OTHERS,
    "docker": docker,
    "kubectl": kubectl,
    "az": az,
    "systemctl": systemctl,
    "make": make,
    "cp": copied,
    "install": copied,
}


def commands() -> list[Typed]:
    return typed(PAGE)


def test_no_command_is_left_unchecked() -> None:
    assert commands()
    for each in commands():
        if each.line not in EXACTLY | MORE:
            words = tuple(shlex.split(each.line.partition(" > ")[0].partition(" < ")[0]))
            assert words[0] in CHECKS, each.line
            CHECKS[words[0]](words)


def test_links_lead_to_files_and_headings() -> None:
    for link in links(PAGE):
        path, _, anchor = link.partition("#")
        target = (PAGE.parent / path).resolve() if path else PAGE
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_settings_in_files_exist() -> None:
    known = {f"FYREN_{name.upper()}" for name in Settings.model_fields}
    for kind, text in blocks(PAGE):
        assert kind in ("sh", "ini")
        if kind == "ini":
            assert {line.partition("=")[0] for line in text.splitlines()} <= known
