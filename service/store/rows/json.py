"""The type of columns that hold JSON."""

from __future__ import annotations

from typing import Any

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""
