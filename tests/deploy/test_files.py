"""Every file of deploy/ that a tool reads is what that tool expects, and names only what there is."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import tree_sitter
import tree_sitter_bicep
import yaml

from bot.cli.parser import build_parser
from bot.settings import Settings, variable

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = {variable(name) for name in Settings.model_fields}
OTHERS = {"FYREN_NAME", "FYREN_EVAL_DATA"}
"""A placeholder, and where evaluations find questions that are not shipped."""
COMPOSE_ONLY = {"FYREN_PUBLIC_NAME", "FYREN_DATABASE_PASSWORD"}
"""What compose.yml and main.bicepparam themselves are given, and settings are made of."""
SHELL = "/bin/sh"
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "CapabilityBoundingSet": "",
    "PrivateTmp": "yes",
    "RestrictNamespaces": "yes",
}


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def shipped() -> list[Path]:
    found = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix not in (".png", ".json")]
    return [*found, ROOT / "README.md"]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bFYREN_[A-Z0-9_]*[A-Z0-9]\b", path.read_text(encoding="utf-8")))
    assert named - SETTINGS - COMPOSE_ONLY - OTHERS == set()


def test_the_dockerfile_is_well_made() -> None:
    told = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (0, "")


def test_every_step_of_the_image_is_one_that_is_tested() -> None:
    steps = re.findall(r"^RUN (.*)$", read("Dockerfile"), re.MULTILINE)
    assert steps
    for step in steps:
        found = re.fullmatch(r"sh (?:/opt/fyren/)?deploy/image\.sh (system|application /opt/fyren|user)", step)
        assert found, step


def test_what_the_image_copies_is_there_and_reaches_the_builder() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.*)$", read("Dockerfile"), re.MULTILINE)
    sources = {source for line in copied for source in line.split()[:-1]}
    assert sources <= let_through
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_runs_as_nobody_in_particular() -> None:
    text = read("Dockerfile")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    last = text.rindex("\nFROM ")
    assert "USER" in text[last:]
    assert "USER" not in text[:last], "only the last stage is what runs"


@pytest.mark.parametrize("name", ["image.sh", "debian.sh"])
def test_scripts_are_whole_and_say_how_they_are_used(name: str) -> None:
    subprocess.run([SHELL, "-n", DEPLOY / name], check=True)
    told = subprocess.run([SHELL, DEPLOY / name], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "usage:" in told.stderr


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(read("compose.yml"))
    return loaded


def test_compose_is_what_its_specification_asks_for() -> None:
    found = importlib.util.find_spec("check_jsonschema")  # for its data: its import takes seconds
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_bytes())
    assert [str(each) for each in jsonschema_rs.validator_for(schema).iter_errors(compose())] == []


def test_compose_opens_nothing_but_the_proxy() -> None:
    services = compose()["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert services["fyren"]["read_only"] is True
    assert services["fyren"]["cap_drop"] == ["ALL"]
    assert services["database"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"]["internal"] is True


def test_compose_asks_for_every_value_that_it_cannot_do_without() -> None:
    given = set(re.findall(r"^([A-Z_]+)=", read("fyren.env.example"), re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+):\?\}", read("compose.yml"))) == COMPOSE_ONLY
    assert given >= COMPOSE_ONLY


def test_the_example_holds_no_secret() -> None:
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", read("fyren.env.example"), re.MULTILINE))
    assert {name for name, value in values.items() if value} == {"FYREN_MODEL_PROVIDER"}


def kubernetes() -> Iterator[dict[str, Any]]:
    return iter(yaml.safe_load_all(read("kubernetes.yaml")))


@pytest.mark.parametrize("number", range(7))
def test_kubernetes_takes_every_object(number: int) -> None:
    import kubernetes_validate  # type: ignore[import-untyped]  # has no types, and takes seconds to import

    kubernetes_validate.validate(list(kubernetes())[number], kubernetes_validate.latest_version(), strict=True)


def test_kubernetes_objects_are_as_many_as_are_checked() -> None:
    assert len(list(kubernetes())) == 7


def test_a_pod_may_do_as_little_as_a_container() -> None:
    [deployment] = [each for each in kubernetes() if each["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()


def test_bicep_can_be_read() -> None:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bicep.language()))
    assert not parser.parse((DEPLOY / "azure" / "main.bicep").read_bytes()).root_node.has_error
    assert parser.parse(b"resource x = {").root_node.has_error, "a mistake would be seen"


def test_bicep_is_given_every_parameter_that_has_no_default() -> None:
    wanted = set(re.findall(r"^param (\w+) \w+$", read("azure/main.bicep"), re.MULTILINE))
    known = set(re.findall(r"^param (\w+) ", read("azure/main.bicep"), re.MULTILINE))
    given = set(re.findall(r"^param (\w+) = ", read("azure/main.bicepparam"), re.MULTILINE))
    assert wanted <= given <= known
    secrets = re.findall(r"@secure\(\)\nparam (\w+)", read("azure/main.bicep"))
    for name in set(secrets) & given:
        assert re.search(rf"^param {name} = readEnvironmentVariable\(", read("azure/main.bicepparam"), re.MULTILINE)


UNITS = ("fyren.service", "fyren-backup.service")


def unit(name: str) -> list[tuple[str, str]]:
    return re.findall(r"^([A-Za-z]+)=(.*)$", read(name), re.MULTILINE)


@pytest.mark.parametrize("name", UNITS)
def test_units_give_up_what_they_do_not_need(name: str) -> None:
    assert HARDENING.items() <= dict(unit(name)).items()


@pytest.mark.parametrize("name", UNITS)
def test_units_run_commands_that_there_are(name: str) -> None:
    for key, line in unit(name):
        if key == "ExecStart":
            program, *arguments = line.split()
            assert program == "/opt/fyren/.venv/bin/fyren"
            assert build_parser().parse_args(arguments).module


def test_the_backup_keeps_keys_apart_and_shorter() -> None:
    [line] = [value for key, value in unit("fyren-backup.service") if key == "ExecStart"]
    wanted = build_parser().parse_args(line.split()[1:])
    assert wanted.keep_keys < wanted.keep
    assert not wanted.keys.is_relative_to(wanted.folder)
    assert {str(wanted.folder), str(wanted.keys)} <= set(dict(unit("fyren-backup.service"))["ReadWritePaths"].split())


def test_systemd_takes_the_units(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        (pytest.fail if request.config.getoption("--require-client") else pytest.skip)("systemd-analyze is missing")
    # Where Fyren is not installed its command is not there to be started.
    names = (*UNITS, "fyren-backup.timer")
    for name in names:
        text = read(name).replace("/opt/fyren/.venv/bin/fyren", "/bin/true")
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = subprocess.run(
        [analyze, "verify", *(tmp_path / name for name in names)], capture_output=True, text=True, check=False
    )
    assert (told.returncode, [line for line in told.stderr.splitlines() if "fyren" in line]) == (0, [])
