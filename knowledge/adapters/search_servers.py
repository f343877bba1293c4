"""Which server searches, by the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.adapters.search_server import SearchServer


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """What the settings say of searching. `url` is the database's or Qdrant's, the rest is for Qdrant alone."""

    kind: Literal["files", "postgresql", "qdrant"] = "files"
    url: str = ""
    api_key: str = ""
    prefix: str = "fyren"
    shards: int = 1
    replicas: int = 1


def build_server(config: ServerConfig) -> SearchServer | None:
    """The server, not connected yet; None where searches are done in files. Loads its client: call it in a thread."""
    match config.kind:
        case "files":
            return None
        case "postgresql":
            # Clients are loaded where they are used: Qdrant's alone takes a second.
            from knowledge.adapters.postgresql_server import PostgresqlServer  # noqa: PLC0415 - as said above

            return PostgresqlServer(config.url)
        case "qdrant":
            from knowledge.adapters.qdrant_points import LOADING, connect  # noqa: PLC0415 - as said above
            from knowledge.adapters.qdrant_server import QdrantServer, Spread  # noqa: PLC0415 - as said above

            return QdrantServer(
                connect(config.url, config.api_key),
                config.prefix,
                Spread(config.shards, config.replicas),
                connect(config.url, config.api_key, LOADING),
            )
