"""An id token is believed only when everything about it is as it should be.

After OpenID Connect Core 1.0, section 3.1.3.7, and what Microsoft asks of those who accept people of several tenants.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError

from bot.access.roles import Grants, granted
from bot.access.visitor import Visitor
from bot.web.signin.documents import TENANT, SigningKey
from bot.web.signin.errors import Reason, SigninRefused

ALGORITHMS: Final = ("RS256", "ES256")
"""Signatures by the provider's private key. Neither `none` nor one that the public key could make is among them."""
TOKEN_LIMIT: Final = 64 * 1024
"""Characters of a token; Entra's largest have 16,000."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: for which client, by which issuer (with TENANT in it where it stands for several), in
    answer to which attempt, for people of which tenants (empty: any)."""

    client_id: str
    issuer: str
    nonce: str
    tenants: frozenset[str]


def key_id(token: str) -> str:
    """The id of the key that a token says it is signed by; empty where it names none. Raises SigninRefused."""
    try:
        if len(token) > TOKEN_LIMIT:
            raise ValueError("too long")
        encoded = token.partition(".")[0].encode("ascii")
        header = json.loads(base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)))
        kid = header.get("kid", "")
    except (ValueError, AttributeError, RecursionError, binascii.Error) as error:
        raise _untrusted("the token cannot be read") from error
    return kid if isinstance(kid, str) else ""


def claims_of(
    token: str, key: SigningKey, expected: Expected, *, now: datetime, leeway: timedelta
) -> Mapping[str, Any]:
    """What a token says, after everything was checked. Raises SigninRefused."""
    try:
        claims = jwt.decode(token, key.key, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(leeway.total_seconds()),
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": expected.nonce},
        ).validate(claims)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _untrusted(f"the token is refused: {type(error).__name__}: {error}") from error
    # A list of several audiences would make this client one of many whose holders could pass the token on.
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise _untrusted("the token is for another client")
    tenant = claims.get("tid", "")
    issuer = expected.issuer.replace(TENANT, tenant) if isinstance(tenant, str) and tenant else expected.issuer
    if claims.get("iss") != issuer:
        raise _untrusted("the token is by another issuer")
    if key.issuer and key.issuer.replace(TENANT, str(tenant)) != issuer:
        raise _untrusted("the token's key signs for another issuer")
    if expected.tenants and str(tenant).lower() not in expected.tenants:
        raise _untrusted("the person's tenant may not sign in")
    return claims


def visitor_of_claims(claims: Mapping[str, Any], grants: Grants) -> Visitor:
    """Who somebody is here. Raises SigninRefused where none of their app roles and groups means anything."""
    tenant = str(claims.get("tid", "")).lower()
    values = [*_texts(claims.get("roles")), *_texts(claims.get("groups"))]
    roles, municipalities = granted(values, tenant, grants)
    # `oid` names a person to all clients of a tenant alike, as the audit log should; other providers have `sub` only.
    subject = str(claims.get("oid") or claims["sub"])
    if not roles:
        hint = "; their groups are too many to fit into the token, so use app roles" if _overflown(claims) else ""
        raise SigninRefused(Reason.NO_ROLE, f"they have no role here{hint}", subject=subject[:255], tenant=tenant[:255])
    name = str(claims.get("name") or claims.get("preferred_username") or "")
    return Visitor(subject[:255], tenant[:255], name[:255], roles, municipalities)


def _overflown(claims: Mapping[str, Any]) -> bool:
    """Whether Entra left the groups out because there are more than two hundred of them."""
    named = claims.get("_claim_names")
    return isinstance(named, Mapping) and "groups" in named


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _untrusted(message: str) -> SigninRefused:
    return SigninRefused(Reason.UNTRUSTED, message)
