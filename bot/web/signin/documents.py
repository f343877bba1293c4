"""What an OpenID provider publishes: the description of itself and its keys, read and looked over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from bot.web.signin.errors import ProviderFailed

TENANT: Final = "{tenantid}"
"""What stands in the issuer of an Entra authority for several tenants, in the place of each one's id."""

_KINDS: Final[Mapping[str, type[RSAKey] | type[ECKey]]] = {"RSA": RSAKey, "EC": ECKey}


@dataclass(frozen=True, slots=True)
class Description:
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    secret_in_body: bool


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key; `issuer` is the only one that it signs for, where the provider says so."""

    key: RSAKey | ECKey
    issuer: str


def described(document: Mapping[str, Any], authority: str) -> Description:
    """Raises ProviderFailed for a description that lacks something, or is another provider's."""
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    issuer, authorization, token, keys = (document.get(name) for name in names)
    if not all(isinstance(each, str) for each in (issuer, authorization, token, keys)):
        raise ProviderFailed("the sign-in service's description is not whole")
    asked, said = urlsplit(authority), urlsplit(str(issuer))
    shared = TENANT in str(issuer) and (asked.scheme, asked.netloc) == (said.scheme, said.netloc)
    if str(issuer).rstrip("/") != authority.rstrip("/") and not shared:
        raise ProviderFailed(f"the sign-in service calls itself {issuer}, not {authority}")
    if any(urlsplit(str(each)).scheme != "https" for each in (authorization, token, keys)) and asked.scheme == "https":
        raise ProviderFailed("the sign-in service has addresses without HTTPS")
    methods = document.get("token_endpoint_auth_methods_supported")
    in_body = isinstance(methods, list) and "client_secret_post" in methods
    return Description(str(issuer), str(authorization), str(token), str(keys), in_body)


def signing_keys(documents: object) -> dict[str, SigningKey]:
    """The usable keys of a key document by their ids; odd ones are left out, and do not take the others down."""
    found: dict[str, SigningKey] = {}
    for document in documents if isinstance(documents, list) else ():
        if not isinstance(document, dict) or document.get("use", "sig") != "sig":
            continue
        kind = _KINDS.get(str(document.get("kty")))
        if kind is None:
            continue
        try:
            key = kind.import_key(document)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        issuer = document.get("issuer", "")
        found[str(document.get("kid", ""))] = SigningKey(key, issuer if isinstance(issuer, str) else "")
    return found
