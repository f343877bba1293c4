"""A database server, such as PostgreSQL, through SQLAlchemy's asynchronous engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")


class ServerEngine:
    """Implements `bot.storage.engine.Engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> str:
        """See Engine."""
        return self._engine.dialect.name

    async def read(self, action: Callable[[Connection], T]) -> T:
        """See Engine."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(action)

    async def write(self, action: Callable[[Connection], T]) -> T:
        """See Engine."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(action)

    async def alone(self, action: Callable[[Connection], T]) -> T:
        """See Engine."""
        async with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            return await connection.run_sync(action)

    async def run(self, statement: str) -> Any:
        """See Engine."""
        async with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            result = await connection.exec_driver_sql(statement)
            return result.scalar() if result.returns_rows else None

    async def close(self) -> None:
        """See Engine."""
        await self._engine.dispose()
