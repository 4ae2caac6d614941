"""Operations that service tasks call: one small module per family."""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    """Import every module here, so that its operations are registered; a new one is found without being named."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
