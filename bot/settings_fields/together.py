"""Settings that are right one by one and wrong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from bot.settings_fields.fields import Fields
from bot.settings_fields.problems import Problem, variable


def do_not_fit(settings: Fields) -> Iterator[Problem]:
    """One problem a setting that does not go with the others."""
    yield from _teams(settings)
    if settings.embedding_provider == "openai":
        provider = f"{variable('embedding_provider')}=openai"
        if not settings.embedding_model:
            yield Problem(variable("embedding_model"), "missing_model", {"other": provider})
        if not settings.embedding_api_key.get_secret_value() and not settings.embedding_base_url:
            yield Problem(variable("embedding_api_key"), "missing_beside", {"other": provider})
    yield from _searching(settings)
    yield from _model(settings)
    yield from _signing_in(settings)
    if settings.webhooks and not settings.pictures_url:
        # What is told holds links, which nobody could follow.
        yield Problem(variable("public_url"), "missing_beside", {"other": variable("webhook_urls")})
    yield from _all_or_none(
        {
            "webhook_urls": settings.webhook_urls.get_secret_value(),
            "webhook_secret": settings.webhook_secret.get_secret_value(),
        }
    )


def _all_or_none(values: Mapping[str, str]) -> Iterator[Problem]:
    given = [variable(name) for name, value in values.items() if value]
    for name, value in values.items():
        if given and not value:
            yield Problem(variable(name), "missing_beside", {"other": ", ".join(given)})


def _teams(settings: Fields) -> Iterator[Problem]:
    kind = f"{variable('teams_app_type')}={settings.teams_app_type}"
    proofs = [name for name, value in settings.teams_proofs.items() if value]
    if settings.teams_app_type == "managed_identity":
        for name in proofs:
            yield Problem(variable(name), "not_beside", {"other": kind})
        proof = {}
    else:
        for name in proofs[1:]:
            yield Problem(variable(name), "not_beside", {"other": variable(proofs[0])})
        named = proofs[0] if proofs else "teams_app_password"
        proof = {named: settings.teams_proofs[named]}
    # Of many tenants none is taken for granted; where people are to be answered has to be said one way or the other.
    others = settings.teams_app_type == "multi_tenant" and settings.teams_allowed_tenants
    home = {} if others else {"teams_tenant_id": settings.teams_tenant_id}
    yield from _all_or_none({"teams_app_id": settings.teams_app_id, **proof, **home})


def _searching(settings: Fields) -> Iterator[Problem]:
    server = f"{variable('index')}={settings.index}"
    if settings.index == "postgresql" and not settings.database.startswith("postgresql"):
        kind = "not_beside" if settings.database_url.get_secret_value() else "missing_beside"
        yield Problem(variable("database_url"), kind, {"other": server})
    if settings.index == "qdrant" and not settings.qdrant_url:
        yield Problem(variable("qdrant_url"), "missing_beside", {"other": server})


def _model(settings: Fields) -> Iterator[Problem]:
    if settings.model_provider == "off":
        return
    provider = f"{variable('model_provider')}={settings.model_provider}"
    if not settings.model_name:
        yield Problem(variable("model_name"), "missing_model", {"other": provider})
    azure = settings.model_provider == "azure"
    if azure and not settings.model_base_url:
        yield Problem(variable("model_base_url"), "missing_beside", {"other": provider})
    if not settings.model_api_key.get_secret_value() and (azure or not settings.model_base_url):
        yield Problem(variable("model_api_key"), "missing_beside", {"other": provider})


def _signing_in(settings: Fields) -> Iterator[Problem]:
    authority = settings.signin_authority
    yield from _all_or_none(
        {
            "signin_authority": authority,
            "signin_client_id": settings.signin_client_id,
            "signin_client_secret": settings.signin_client_secret.get_secret_value(),
        }
    )
    if not authority:
        return
    if not settings.public_url:
        yield Problem(variable("public_url"), "missing_beside", {"other": variable("signin_authority")})
    elif urlsplit(settings.public_url).path:
        yield Problem(variable("public_url"), "public_path", {"other": variable("signin_authority")})
    if not settings.signin_of_any_tenant:
        return
    if not settings.signin_tenants:
        yield Problem(variable("signin_allowed_tenants"), "missing_beside", {"other": variable("signin_authority")})
    loose = [value for value, given in settings.grants.items() if any(not grant.tenant for grant in given)]
    if len(settings.signin_tenants) > 1 and loose:
        yield Problem(variable("signin_roles"), "role_of_any_tenant", {"roles": ", ".join(loose)})
