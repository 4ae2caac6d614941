"""Composition root: the one place that knows every layer."""

from __future__ import annotations

import importlib
import pkgutil

import handlers


def load_handlers() -> None:
    """Import every module of ``handlers``, so that its operations are registered."""
    for module in pkgutil.iter_modules(handlers.__path__):
        importlib.import_module(f"handlers.{module.name}")


def main() -> None:
    """Run the ``laurel`` command line."""
