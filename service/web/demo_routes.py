"""The demonstration's own routes: step into a person, move the clock."""

from __future__ import annotations

from flask import Blueprint

PAGES = Blueprint("demo", __name__)
