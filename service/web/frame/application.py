"""The application of Flask that serves Laurel's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from service.web.frame.page.shared_parts import PartsEnvironment


class Application(Flask):
    """Flask for functions that are no coroutines, which it would look for around every one it calls."""

    jinja_environment = PartsEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``func`` as it is."""
        return func
