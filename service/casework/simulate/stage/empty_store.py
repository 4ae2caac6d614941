"""A database in memory that lives as long as one play."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.store import Store


@contextmanager
def empty_store() -> Iterator[Store]:
    """Give an empty database in memory; the keys of its ballots lie in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="laurel-play-") as folder:
        store = Store("sqlite://", Path(folder) / "files", durable=False)
        store.create_tables()
        try:
            yield store
        finally:
            store.close()
