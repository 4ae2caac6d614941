"""The generated client of the interface for programs, as a program has it: the file alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from service.web.api.client import client_source


def generated_client(folder: Path) -> ModuleType:
    """Write the client into ``folder`` and return it as a module."""
    path = folder / "laurel_client.py"
    path.write_text(client_source())
    found = importlib.util.spec_from_file_location("laurel_client", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
