"""What Fyren is made of, and what must not be in it: W10 to W13."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.settings import Settings, variable
from tests.deploy.audit import Outcome, Scan, verdict, weaknesses
from tests.deploy.licences import Licence, licences, pinned, told
from tests.deploy.secrets_search import FORMS, HARMLESS, WORDS, search
from tests.deploy.source_rules import broken, broken_in

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "requirements-dev.lock", "tests/attacks/requirements.lock", "tests/bench/agents.lock")


def test_w10_the_source_keeps_our_own_rules() -> None:
    assert broken(ROOT) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from marshal import loads",
        "import jsonpickle.handlers",
        "eval(text)",
        "subprocess.run(line, shell=True)",
        "numpy.load(path, allow_pickle=True)",
        "session.get(url, ssl=False)",
        "jwt.decode(token, options={'verify_signature': False})",
        "archive.extractall(folder)",
        "tempfile.mktemp()",
    ],
)
def test_w10_a_rule_that_is_broken_is_seen(source: str) -> None:
    assert len(list(broken_in(source))) == 1


def test_w10_bandit_is_part_of_what_every_change_has_to_pass() -> None:
    """It takes a quarter of a minute, and stands among the checks for that."""
    check = re.search(r"^check: .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert check is not None
    assert "$(BIN)/bandit --quiet --recursive --severity-level high bot ingest knowledge prompts" in check[1]
    assert "make check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_w11_every_package_is_pinned_with_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    entries = [each for each in entries if each.strip()]
    assert len(entries) >= len(pinned(text)) > 0
    for entry in entries:
        assert re.match(r"[A-Za-z0-9_.-]+==[^\s;\\]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_w11_nothing_is_installed_without_its_hash() -> None:
    """In the environment and in the image; what is installed beside it is the project itself, without dependencies."""
    assert "INSTALL := $(PIP) install --quiet --require-hashes --no-compile" in MAKEFILE
    script = (ROOT / "deploy" / "image.sh").read_text(encoding="utf-8")
    lines = [line for line in (MAKEFILE + script).splitlines() if re.search(r"(PIP\)|\$pip) install", line)]
    assert len(lines) == 4
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in lines)


def test_w11_what_the_project_asks_for_is_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [re.split(r"[\[<>=;~! ]", each)[0].lower() for each in project["project"]["dependencies"]]
    names = {name.lower() for name in pinned((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    assert {*asked} <= names


def test_w11_somebody_has_looked_at_every_licence() -> None:
    found = licences()
    assert len(found) > 100
    assert [each for each in found if not each.known] == []


@pytest.mark.parametrize("licence", ["", "GPL-3.0-only", "MIT AND AGPL-3.0-or-later", "Proprietary"])
def test_w11_other_licences_are_asked_about(licence: str) -> None:
    assert not Licence("another", "1", licence).known


def test_w11_the_older_ways_to_tell_a_licence_are_read() -> None:
    from email.message import Message

    for name, value, licence in (
        ("License-Expression", "MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("Classifier", "License :: OSI Approved :: BSD License", "BSD-3-Clause"),
        ("License", "MIT License\n\nCopyright", "MIT"),
    ):
        package = Message()
        package[name] = value.replace("\n", " ") if name != "License" else value.partition("\n")[0]
        assert told(package) == licence


@pytest.mark.slow
def test_w11_a_bill_of_materials_is_the_same_each_time(tmp_path: Path) -> None:
    lock, project = tmp_path / "small.lock", ROOT / "pyproject.toml"
    text = f"aiohttp==3.14.5 --hash=sha256:{'1' * 64}\nattrs==26.1.0 --hash=sha256:{'2' * 64}\n"
    lock.write_text(text, encoding="utf-8")
    command = re.search(r"cyclonedx_py (requirements .*?) --output-file", MAKEFILE)
    assert command is not None
    arguments = command[1].replace("requirements.lock", str(lock)).replace("pyproject.toml", str(project)).split()
    run = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *arguments, "--output-file", "-"]
    first, second = (
        subprocess.run([*run, *option], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed, option in (("1", []), ("2", ["--no-validate"]))  # once is enough, and takes seconds
    )
    assert first == second
    listed = {each["name"]: each["version"] for each in json.loads(first)["components"]}
    assert listed == pinned(text)


def scanned(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


SOUND = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
WEAK = {"name": "pypdf", "version": "1.0", "vulns": [{"id": "CVE-2025-55197"}]}
SKIPPED = {"name": "lxml", "skip_reason": "could not be reached"}


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        (scanned(SOUND), Outcome.CLEAN),
        (scanned(SOUND, WEAK), Outcome.FOUND),
        (scanned(SOUND, SKIPPED), Outcome.NOT_RUN),
        (scanned(), Outcome.NOT_RUN),
        ("", Outcome.NOT_RUN),
        ("{}", Outcome.NOT_RUN),
    ],
)
def test_w12_a_scan_that_did_not_look_is_never_green(written: str, outcome: Outcome) -> None:
    assert weaknesses("requirements.lock", lambda command: written).outcome is outcome


def test_w12_nor_is_one_that_ends_too_late_or_cannot_start() -> None:
    def fails(command: list[str]) -> str:
        raise subprocess.TimeoutExpired(command, 1)

    def misses(command: list[str]) -> str:
        raise FileNotFoundError(command[0])

    for run in (fails, misses):
        assert weaknesses("requirements.lock", run).outcome is Outcome.NOT_RUN
    assert verdict([Scan(Outcome.CLEAN), Scan(Outcome.NOT_RUN)]) is Outcome.NOT_RUN
    assert verdict([Scan(Outcome.FOUND), Scan(Outcome.NOT_RUN)]) is Outcome.FOUND
    assert verdict([Scan(Outcome.CLEAN)]) is Outcome.CLEAN


def test_w13_no_file_holds_a_secret() -> None:
    assert search(ROOT) == []


def test_w13_a_secret_would_be_found(tmp_path: Path) -> None:
    planted = {
        "key.pem": "-----BEGIN RSA PRIVATE " + "KEY-----",
        "code.py": 'TOKEN = "gh' + "p_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx" + '"',
        "deploy/some.env": "FYREN_DATABASE_PASSWORD" + '="hunter2-and-more"',
    }
    for name, text in planted.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    subprocess.run(["git", "-C", tmp_path, "init", "--quiet"], check=True)  # noqa: S607 - whichever git there is
    assert [each.partition(":")[0] for each in search(tmp_path)] == sorted(planted)
    assert {kind for _, kind in HARMLESS} <= {"Secret Keyword", "Basic Auth Credentials"}
    assert FORMS
    assert WORDS


def test_w13_settings_that_are_printed_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]
    named = [name for name in Settings.model_fields if re.search(r"password|secret|api_key|database_url", name)]
    assert {*named} <= {*hidden}
    given = {
        name: f"https://hunter2.example.se/{name}" if name.endswith("urls") else f"hunter2-{name}" for name in hidden
    }
    settings = Settings.model_validate({name: value for name, value in given.items() if name != "webhook_secret"})
    for shown in (str(settings), repr(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert "hunter2" not in shown
    assert variable(hidden[0]).startswith("FYREN_")
