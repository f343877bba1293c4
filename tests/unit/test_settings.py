"""Settings are read once, and whatever is wrong with them is told by name with what to write instead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.access.roles import DEFAULT_GRANTS, Grant, Role
from bot.app import teams_config
from bot.cli.console import Console
from bot.cli.invalid import sentence
from bot.conversation.texts import LANGUAGES, Texts
from bot.knowledge_base import server_config
from bot.settings import PREFIX, Settings, SettingsInvalid, table, unknown_variables
from bot.teams.config import OPENID_METADATA, SERVICE_HOSTS
from knowledge.adapters.search_servers import ServerConfig
from knowledge.answerability import OPERATING_POINT
from knowledge.swedish.steps import ALL, Step

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
TEAMS = {"TEAMS_APP_ID": GUID, "TEAMS_APP_PASSWORD": "s3cr3t-of-the-bot", "TEAMS_TENANT_ID": GUID.upper()}

ANY_TENANT = "https://login.microsoftonline.com/organizations/v2.0"
SIGNIN = {
    "SIGNIN_AUTHORITY": f"https://login.microsoftonline.com/{GUID}/v2.0",
    "SIGNIN_CLIENT_ID": GUID,
    "SIGNIN_CLIENT_SECRET": "s3cr3t-of-the-pages",
    "PUBLIC_URL": "https://fyren.example.se",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    return monkeypatch


def put(environment: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        environment.setenv(f"{PREFIX}{name}", value)


def test_everything_has_a_default(environment: pytest.MonkeyPatch) -> None:
    settings = Settings.read()
    assert settings.data_dir == Path("var")
    assert (settings.host, settings.port) == ("127.0.0.1", 3978)
    assert settings.database == "sqlite:///var/fyren.sqlite3"
    assert settings.tenants == frozenset()


def test_variables_are_read_and_the_command_line_goes_before_them(environment: pytest.MonkeyPatch) -> None:
    put(environment, PORT="4000", DATA_DIR="/data", BUILTIN_LIBRARY="false", LANGUAGE="en", HISTORY_DAYS="")
    settings = Settings.read(host="::1", port=5000)
    assert (settings.host, settings.port, settings.builtin_library, settings.language) == ("::1", 5000, False, "en")
    assert settings.database.endswith("/data/fyren.sqlite3")
    assert settings.history_days == 90


def test_settings_cannot_be_changed_and_never_show_their_secrets(environment: pytest.MonkeyPatch) -> None:
    put(environment, **TEAMS, DATABASE_URL="postgresql+asyncpg://u:pw-of-db@db/fyren")
    settings = Settings.read()
    with pytest.raises(ValidationError):
        settings.port = 1
    assert "s3cr3t" not in repr(settings)
    assert "pw-of-db" not in repr(settings)


def test_tenants_are_the_listed_ones_or_the_home_tenant_alone(environment: pytest.MonkeyPatch) -> None:
    put(environment, **TEAMS)
    assert Settings.read().tenants == {GUID}
    other = GUID.replace("0f", "1f")
    put(environment, TEAMS_ALLOWED_TENANTS=f"{GUID.upper()}, {other},")
    assert Settings.read().tenants == {GUID, other}


def test_keys_and_the_connector_are_microsofts_own_unless_others_are_named(environment: pytest.MonkeyPatch) -> None:
    put(environment, **TEAMS)
    config = teams_config(Settings.read())
    assert (config.metadata_url, config.service_hosts) == (OPENID_METADATA, SERVICE_HOSTS)
    put(
        environment,
        TEAMS_OPENID_URL="http://127.0.0.1:8080/openid",
        TEAMS_SERVICE_HOSTS="Smba.example.se, b:8443,b:8443",
    )
    config = teams_config(Settings.read())
    assert config.metadata_url == "http://127.0.0.1:8080/openid"
    assert config.service_hosts == {"smba.example.se", "b:8443"}


def test_a15_teams_waits_for_less_than_two_seconds_and_a_person_for_a_model_that_takes_a_minute(
    environment: pytest.MonkeyPatch,
) -> None:
    put(environment, **TEAMS)
    config = teams_config(Settings.read())
    assert config.patience < 2.0
    assert config.turn_timeout > 60.0


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [
        ({"PORT": "http"}, "FYREN_PORT", "heltal"),
        ({"PORT": "70000"}, "FYREN_PORT", "65535"),
        ({"HISTORY_DAYS": "0"}, "FYREN_HISTORY_DAYS", "1"),
        ({"EMBEDDING_TIMEOUT": "snart"}, "FYREN_EMBEDDING_TIMEOUT", "0.5"),
        ({"EMBEDDING_TIMEOUT": "-1"}, "FYREN_EMBEDDING_TIMEOUT", "0"),
        ({"OPERATING_POINT": "halva"}, "FYREN_OPERATING_POINT", "0.5"),
        ({"OPERATING_POINT": "0,5"}, "FYREN_OPERATING_POINT", "0.5"),
        ({"OPERATING_POINT": "nan"}, "FYREN_OPERATING_POINT", "0.5"),
        ({"OPERATING_POINT": "-0.1"}, "FYREN_OPERATING_POINT", "0"),
        ({"OPERATING_POINT": "1.01"}, "FYREN_OPERATING_POINT", "1"),
        ({"BUILTIN_LIBRARY": "kanske"}, "FYREN_BUILTIN_LIBRARY", "true eller false"),
        ({"LANGUAGE": "de"}, "FYREN_LANGUAGE", "sv, en"),
        ({"OPEN_DATA_EMAIL": "kansliet"}, "FYREN_OPEN_DATA_EMAIL", "namn@example.se"),
        ({"WEBHOOK_URLS": "https://10.0.0.1/"}, "FYREN_WEBHOOK_URLS", "https://"),
        ({"WEBHOOK_URLS": "https://a.example.se/, http://b.example.se/"}, "FYREN_WEBHOOK_URLS", "https://"),
        ({"WEBHOOK_URLS": "https://a.example.se/"}, "FYREN_WEBHOOK_SECRET", "FYREN_WEBHOOK_URLS"),
        ({"WEBHOOK_SECRET": "hemligt"}, "FYREN_WEBHOOK_SECRET", "whsec_"),
        ({**TEAMS, "TEAMS_APP_PASSWORD": "<ChangeMe>"}, "FYREN_TEAMS_APP_PASSWORD", "platshållare"),
        ({**TEAMS, "TEAMS_APP_ID": "fyren"}, "FYREN_TEAMS_APP_ID", "00000000-"),
        ({"TEAMS_ALLOWED_TENANTS": f"{GUID},trollhattan.se"}, "FYREN_TEAMS_ALLOWED_TENANTS", "00000000-"),
        ({"TEAMS_APP_ID": GUID}, "FYREN_TEAMS_APP_PASSWORD", "FYREN_TEAMS_APP_ID"),
        ({"TEAMS_TENANT_ID": GUID}, "FYREN_TEAMS_APP_ID", "FYREN_TEAMS_TENANT_ID"),
        ({"TEAMS_OPENID_URL": "http://keys.example.se/openid"}, "FYREN_TEAMS_OPENID_URL", "https://"),
        ({"TEAMS_OPENID_URL": "https://a:b@keys.example.se/"}, "FYREN_TEAMS_OPENID_URL", "inloggning"),
        ({"TEAMS_SERVICE_HOSTS": "https://smba.example.se/"}, "FYREN_TEAMS_SERVICE_HOSTS", "namn:port"),
        ({"TEAMS_SERVICE_HOSTS": "*.example.se"}, "FYREN_TEAMS_SERVICE_HOSTS", "namn:port"),
        ({"TEAMS_SERVICE_HOSTS": "smba.example.se@ond.example"}, "FYREN_TEAMS_SERVICE_HOSTS", "namn:port"),
        ({"EMBEDDING_PROVIDER": "openai", "EMBEDDING_API_KEY": "sk-1"}, "FYREN_EMBEDDING_MODEL", "modellens namn"),
        ({"EMBEDDING_PROVIDER": "openai", "EMBEDDING_MODEL": "m"}, "FYREN_EMBEDDING_API_KEY", "=openai"),
        ({"EMBEDDING_BASE_URL": "localhost:8080"}, "FYREN_EMBEDDING_BASE_URL", "https://"),
        ({"PUBLIC_URL": "fyren.example.se"}, "FYREN_PUBLIC_URL", "https://"),
        ({"PUBLIC_URL": "http://fyren.example.se"}, "FYREN_PUBLIC_URL", "https://"),
        ({"PUBLIC_URL": "https://anna:hemligt1@fyren.example.se"}, "FYREN_PUBLIC_URL", "inloggning"),
        ({"PUBLIC_URL": "https://fyren.example.se/?a=1"}, "FYREN_PUBLIC_URL", "frågetecken"),
        ({"PUBLIC_URL": "https://"}, "FYREN_PUBLIC_URL", "https://"),
        ({"PUBLIC_URL": "https://fyren.example.se:port"}, "FYREN_PUBLIC_URL", "https://"),
        ({"PUBLIC_URL": "https://[::1"}, "FYREN_PUBLIC_URL", "https://"),
        ({"FEDERATION_CHANNEL": "Allmänt"}, "FYREN_FEDERATION_CHANNEL", "länk till kanal"),
        ({"FEDERATION_CHANNEL": "https://ond.example/l/channel/19%3Aa%40t/A"}, "FYREN_FEDERATION_CHANNEL", "länk"),
        ({"EMBEDDING_PROVIDER": "azure"}, "FYREN_EMBEDDING_PROVIDER", "openai"),
        ({**SIGNIN, "SIGNIN_CLIENT_ID": ""}, "FYREN_SIGNIN_CLIENT_ID", "FYREN_SIGNIN_AUTHORITY"),
        ({**SIGNIN, "SIGNIN_CLIENT_SECRET": ""}, "FYREN_SIGNIN_CLIENT_SECRET", "FYREN_SIGNIN_CLIENT_ID"),
        ({**SIGNIN, "SIGNIN_CLIENT_SECRET": "changeme"}, "FYREN_SIGNIN_CLIENT_SECRET", "platshållare"),
        ({**SIGNIN, "SIGNIN_AUTHORITY": "http://login.example"}, "FYREN_SIGNIN_AUTHORITY", "https://"),
        ({**SIGNIN, "SIGNIN_AUTHORITY": "login.example"}, "FYREN_SIGNIN_AUTHORITY", "issuer"),
        ({**SIGNIN, "PUBLIC_URL": ""}, "FYREN_PUBLIC_URL", "FYREN_SIGNIN_AUTHORITY"),
        ({**SIGNIN, "PUBLIC_URL": "https://fyren.example.se/bot"}, "FYREN_PUBLIC_URL", "egen adress"),
        ({"SIGNIN_ROLES": "Fyren.Federation"}, "FYREN_SIGNIN_ROLES", "contact:KOMMUN"),
        ({"SIGNIN_ROLES": "=federation"}, "FYREN_SIGNIN_ROLES", "contact:KOMMUN"),
        ({"SIGNIN_ROLES": "A=owner"}, "FYREN_SIGNIN_ROLES", "contact:KOMMUN"),
        ({"SIGNIN_ROLES": "A=contact"}, "FYREN_SIGNIN_ROLES", "contact:KOMMUN"),
        ({"SIGNIN_ROLES": "A=federation:orust"}, "FYREN_SIGNIN_ROLES", "contact:KOMMUN"),
        ({"SIGNIN_ROLES": "A@fyrbodal=federation"}, "FYREN_SIGNIN_ROLES", "00000000-"),
        ({"SIGNIN_ALLOWED_TENANTS": "fyrbodal"}, "FYREN_SIGNIN_ALLOWED_TENANTS", "00000000-"),
        ({**SIGNIN, "SIGNIN_AUTHORITY": ANY_TENANT}, "FYREN_SIGNIN_ALLOWED_TENANTS", "FYREN_SIGNIN_AUTHORITY"),
        (
            {**SIGNIN, "SIGNIN_AUTHORITY": ANY_TENANT, "SIGNIN_ALLOWED_TENANTS": f"{GUID},{GUID.replace('0f', '1f')}"},
            "FYREN_SIGNIN_ROLES",
            "Fyren.Federation, Fyren.Administrator gäller för alla tenanter",
        ),
        ({"SIGNIN_IDLE_MINUTES": "0"}, "FYREN_SIGNIN_IDLE_MINUTES", "1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    environment: pytest.MonkeyPatch, values: dict[str, str], name: str, says: str
) -> None:
    put(environment, **values)
    with pytest.raises(SettingsInvalid) as caught:
        Settings.read()
    console = Console(Texts.load(), json=False)
    sentences = {}
    for language in LANGUAGES:
        console.language = language
        sentences[language] = {problem.name: sentence(problem, console) for problem in caught.value.problems}
    assert name in sentences["sv"]
    assert says in sentences["sv"][name]
    assert not any(value in str(sentences) for value in ("s3cr3t", "ChangeMe", "kanske", "trollhattan", "hemligt1"))


def test_pictures_are_fetched_from_the_public_address_or_on_this_machine_alone(
    environment: pytest.MonkeyPatch,
) -> None:
    assert Settings.read().pictures_url == "http://127.0.0.1:3978"
    assert Settings.read(host="::1", port=4000).pictures_url == "http://[::1]:4000"
    assert Settings.read(port=0).pictures_url == ""
    put(environment, PUBLIC_URL="https://fyren.example.se/bot/")
    assert Settings.read().pictures_url == "https://fyren.example.se/bot"
    put(environment, PUBLIC_URL="http://localhost:4000")
    assert Settings.read().pictures_url == "http://localhost:4000"
    put(environment, **TEAMS, PUBLIC_URL="")
    assert Settings.read().pictures_url == ""


@pytest.mark.parametrize(
    "given",
    [
        "19:a1B-_c@thread.tacv2",
        "https://teams.microsoft.com/l/channel/19%3Aa1B-_c%40thread.tacv2/Allm%C3%A4nt?groupId=x&tenantId=y",
        "https://teams.cloud.microsoft/l/channel/19%3Aa1B-_c%40thread.tacv2/Allm%C3%A4nt?groupId=x",
    ],
)
def test_a_channel_is_its_id_or_the_link_to_it(environment: pytest.MonkeyPatch, given: str) -> None:
    put(environment, FEDERATION_CHANNEL=given)
    assert Settings.read().federation_channel == "19:a1B-_c@thread.tacv2"


def test_values_of_the_sign_in_service_mean_roles(environment: pytest.MonkeyPatch) -> None:
    assert Settings.read().grants == DEFAULT_GRANTS
    roles = f"Fyren.F=federation, g-1=contact:Uddevalla+dals-ed,g-1=administrator, A@{GUID.upper()}=federation,"
    put(environment, **SIGNIN, SIGNIN_ROLES=roles)
    assert Settings.read().grants == {
        "Fyren.F": (Grant(Role.FEDERATION),),
        "g-1": (Grant(Role.CONTACT, ("uddevalla", "dals-ed")), Grant(Role.ADMINISTRATOR)),
        "A": (Grant(Role.FEDERATION, (), GUID),),
    }


def test_who_may_sign_in_follows_the_authority(environment: pytest.MonkeyPatch) -> None:
    put(environment, **SIGNIN, **TEAMS)
    settings = Settings.read()
    assert settings.signin_tenants == frozenset(), "one tenant's authority lets in that tenant's people"
    assert (settings.session_idle, settings.session_life) == (timedelta(minutes=30), timedelta(hours=10))
    assert "s3cr3t" not in repr(settings)
    put(environment, SIGNIN_AUTHORITY=ANY_TENANT)
    assert Settings.read().signin_tenants == {GUID}, "as in Teams"
    other = GUID.replace("0f", "1f")
    put(environment, SIGNIN_ALLOWED_TENANTS=other)
    assert Settings.read().signin_tenants == {other}


def test_all_problems_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    put(environment, PORT="x", LANGUAGE="de", HISTORY_DAYS="0")
    with pytest.raises(SettingsInvalid) as caught:
        Settings.read()
    assert {problem.name for problem in caught.value.problems} == {
        "FYREN_PORT",
        "FYREN_LANGUAGE",
        "FYREN_HISTORY_DAYS",
    }


def test_a_misspelt_variable_is_noticed(environment: pytest.MonkeyPatch) -> None:
    put(environment, TEAMS_APPID=GUID, PORT="1")
    assert unknown_variables() == [("FYREN_TEAMS_APPID", "FYREN_TEAMS_APP_ID")]


def test_steps_of_the_analysis_are_left_out_by_name(environment: pytest.MonkeyPatch) -> None:
    assert Settings.read().steps == ALL
    put(environment, ANALYSIS_OFF="stems, Spelling,")
    assert Settings.read().steps == ALL - {Step.STEMS, Step.SPELLING}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_that_does_not_exist_is_named_beside_those_that_do(
    environment: pytest.MonkeyPatch, language: str
) -> None:
    put(environment, ANALYSIS_OFF="stemming,spelling")
    with pytest.raises(SettingsInvalid) as caught:
        Settings.read()
    [problem] = caught.value.problems
    told = Texts.load().say(f"settings.problem.{problem.kind}", language, name=problem.name, **problem.values)
    assert "FYREN_ANALYSIS_OFF" in told
    assert "stemming" in told
    assert all(step in told for step in Step)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"INDEX": "postgresql"}, ("FYREN_DATABASE_URL", "missing_beside")),
        ({"INDEX": "postgresql", "DATABASE_URL": "sqlite:///x"}, ("FYREN_DATABASE_URL", "not_beside")),
        ({"INDEX": "qdrant"}, ("FYREN_QDRANT_URL", "missing_beside")),
        ({"INDEX": "qdrant", "QDRANT_URL": "qdrant:6333"}, ("FYREN_QDRANT_URL", "no_url")),
        ({"QDRANT_API_KEY": "changeme"}, ("FYREN_QDRANT_API_KEY", "placeholder")),
    ],
)
def test_a_server_of_searches_needs_an_address(
    environment: pytest.MonkeyPatch, values: dict[str, str], kind: tuple[str, str]
) -> None:
    put(environment, **values)
    with pytest.raises(SettingsInvalid) as caught:
        Settings.read()
    assert [(problem.name, problem.kind) for problem in caught.value.problems] == [kind]


def test_searches_are_done_where_the_settings_say(environment: pytest.MonkeyPatch) -> None:
    assert server_config(Settings.read()).kind == "files"
    put(environment, INDEX="postgresql", DATABASE_URL="postgresql+asyncpg://h/d")
    assert server_config(Settings.read()) == ServerConfig("postgresql", "postgresql+asyncpg://h/d")
    put(environment, INDEX="qdrant", QDRANT_URL="https://q:6333", QDRANT_API_KEY="k-1", QDRANT_SHARDS="3")
    assert server_config(Settings.read()) == ServerConfig("qdrant", "https://q:6333", "k-1", shards=3)


def test_an_answer_is_given_from_the_operating_point_that_is_set(environment: pytest.MonkeyPatch) -> None:
    assert Settings.read().operating_point == OPERATING_POINT
    for value in ("0", "0.35", "1"):
        put(environment, OPERATING_POINT=value)
        assert Settings.read().operating_point == float(value)


def test_the_documentation_lists_every_setting_as_it_is() -> None:
    handbook = Path(__file__).parents[2] / "deploy" / "settings.md"
    assert table() in handbook.read_text(encoding="utf-8")
