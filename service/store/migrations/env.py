"""Alembic's entry: migrates over the connection it is handed, which is ours."""

from __future__ import annotations

from alembic import context

from service.store.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
)
context.run_migrations()
