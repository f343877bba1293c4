"""What Fyren keeps: repositories on SQLAlchemy, with numbered migrations. SQLite today, PostgreSQL by its URL."""
