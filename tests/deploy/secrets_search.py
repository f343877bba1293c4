"""Looks for secrets in files, with the detectors of detect-secrets.

Those that know a form (private keys, tokens of services, signed tokens) look everywhere; those that know words, such as
a password's value, look into what is shipped, where they have few false alarms. Numbers that only look random are not
looked for: checksums and made-up ids are full of them.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

FORMS: Final = (
    *("AWSKeyDetector", "AzureStorageKeyDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector"),
    *("NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SlackDetector"),
    *("SendGridDetector", "StripeDetector", "TwilioKeyDetector"),
)
WORDS: Final = ("KeywordDetector", "BasicAuthDetector")
SHIPPED: Final = ("deploy", ".ci", "Makefile", "pyproject.toml")
"""Where words are looked for, too, but in prose."""
HINTS: Final = re.compile(
    rb"-----BEGIN|\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8}|AccountKey=|\bgh[pousr]_|\bgl(?:pat|dt|ft|soat|rt|cbt)-"
    rb"|GR1348941|eyJ[A-Za-z0-9_-]{8}|_authToken|\bnpm_|\bsk-[A-Za-z0-9]{8}|pypi-AgE|xox[a-z]-|hooks\.slack|SG\.[A-Za-z0-9]{8}"
    rb"|[rs]k_live|\b(?:AC|SK)[0-9a-f]{32}"
)
"""How what the detectors know begins: a file without any of it needs no look line by line, which takes a minute."""
LARGEST: Final = 300_000
"""Bytes of a file that is read: what is larger is data."""
HARMLESS: Final = frozenset(
    {
        ("deploy/azure/main.bicep", "Secret Keyword"),  # names of secrets in the vault
        ("deploy/kubernetes.yaml", "Secret Keyword"),  # the name of the certificate's secret
    }
)


def search(root: Path, words_in: Iterable[str] = SHIPPED) -> list[str]:
    """`file:line: kind` of everything that may be a secret and is not known as harmless."""
    names = list(files(root))
    shipped = [name for name in names if name.startswith(tuple(words_in)) and not name.endswith(".md")]
    hinted = [name for name in names if HINTS.search((root / name).read_bytes())]
    return sorted({*_found(root, hinted, FORMS), *_found(root, shipped, WORDS)})


def files(root: Path) -> Iterator[str]:
    """Text files that are kept, or would be."""
    listed = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0"):
        path = root / name
        if name and path.is_file() and path.stat().st_size < LARGEST and b"\0" not in path.read_bytes()[:1000]:
            yield name


def _found(root: Path, names: list[str], detectors: tuple[str, ...]) -> Iterator[str]:
    with transient_settings({"plugins_used": [{"name": each} for each in detectors]}):
        for name in names:
            for secret in scan_file(str(root / name)):
                if (name, secret.type) not in HARMLESS:
                    yield f"{name}:{secret.line_number}: {secret.type}"
