"""Checks of what the bot shows for itself in Teams: what is in a file has to be there, to fit, and to last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificate

from bot.doctor.findings import Check, Verdict
from bot.settings import Settings, variable

SOON: Final = timedelta(days=30)
"""A certificate that ends within this time is better replaced now."""


def examine_teams(settings: Settings, now: datetime | None = None) -> Iterator[Check]:
    """Every finding. Reads files, so it belongs into a thread."""
    if not settings.teams_app_id:
        yield Check("teams", Verdict.WARNING, "teams.off")
        return
    yield Check("teams", Verdict.OK, "teams.on", {"tenants": len(settings.tenants), "kind": settings.teams_app_type})
    elsewhere = {
        "teams_openid_url": settings.teams_openid_url,
        "teams_service_hosts": ", ".join(settings.teams_service_hosts),
    }
    set_ones = {name: value for name, value in elsewhere.items() if value}
    if set_ones:
        values = {"addresses": ", ".join(set_ones.values()), "settings": ", ".join(map(variable, set_ones))}
        yield Check("teams", Verdict.WARNING, "teams_elsewhere", values)
    if settings.teams_certificate_path:
        yield _certificate(Path(settings.teams_certificate_path), now or datetime.now(UTC))
    if settings.teams_federated_token_file:
        yield _token(Path(settings.teams_federated_token_file))


def _certificate(path: Path, now: datetime) -> Check:
    def found(verdict: Verdict, key: str, **values: object) -> Check:
        return Check("teams_certificate", verdict, f"teams_certificate.{key}", {"path": path, **values})

    try:
        pem = path.read_bytes()
        certificate, key = load_pem_x509_certificate(pem), load_pem_private_key(pem, None)
    except OSError as error:
        return found(Verdict.ERROR, "unread", detail=error.strerror or error)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: the key is locked with a password
        return found(Verdict.ERROR, "broken")
    if _public(certificate) != key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        return found(Verdict.ERROR, "apart")
    until = certificate.not_valid_after_utc
    if not certificate.not_valid_before_utc <= now < until:
        return found(Verdict.ERROR, "over", day=until.date())
    return found(Verdict.WARNING if until - now < SOON else Verdict.OK, "ok", day=until.date())


def _public(certificate: Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _token(path: Path) -> Check:
    try:
        empty = not path.read_bytes().strip()
    except OSError as error:
        values = {"path": path, "detail": error.strerror or error}
        return Check("teams_token", Verdict.ERROR, "teams_token.unread", values)
    if empty:
        return Check("teams_token", Verdict.ERROR, "teams_token.empty", {"path": path})
    return Check("teams_token", Verdict.OK, "teams_token.ok", {"path": path})
