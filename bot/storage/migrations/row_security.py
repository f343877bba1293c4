"""Which rows other roles of PostgreSQL than Fyren's own may see, whatever they have been granted.

Fyren's role owns the tables, and row security does not bind an owner: the service serves every tenant, and decides by
permission who sees what. For every other role a table is empty, and where a table's rows belong to a tenant, a member
of the role `fyren_tenant_` and the tenant's id sees that tenant's. Membership is given by who administers the
database; no session can take it.
"""

from __future__ import annotations

from sqlalchemy import DDL, Connection

PREFIX = "fyren_tenant_"


def guard(connection: Connection, table: str, tenant: str = "") -> None:
    """Close a table's rows to others, but for those whose `tenant` column names a tenant that they may read. Does
    nothing in SQLite, which has no roles."""
    if connection.dialect.name != "postgresql":
        return
    _run(connection, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    if tenant:
        member = f"rolname = '{PREFIX}' || {tenant} AND pg_has_role(current_user, oid, 'MEMBER')"
        allowed = f"EXISTS (SELECT 1 FROM pg_roles WHERE {member})"  # noqa: S608 - the schema's names
        _run(connection, f"CREATE POLICY {table}_by_tenant ON {table} FOR SELECT USING ({allowed})")


def _run(connection: Connection, statement: str) -> None:
    connection.execute(DDL(statement))  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
