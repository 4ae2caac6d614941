"""The data keys of an installation, for tests that write to its database beside its own processes."""

from __future__ import annotations

from pathlib import Path

from service.store import DataKeys


def keys_beside(data: Path) -> DataKeys:
    """Return the keys that the installation with this ``LAUREL_DATA`` uses; the first is made where there is none."""
    keys = DataKeys(Path(f"{data}-data-keys/keys"))
    keys.make(first=True)
    return keys
