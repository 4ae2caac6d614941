"""Templates and addresses of pages, compiled once in a process: every test makes an application of its own.

Three quarters of a short test's time went into compiling the same hundred templates and thousand addresses again.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing.rules import Rule


class KeptTemplates(BytecodeCache):
    """Keeps what templates were compiled to, as long as their source stays the same."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what is kept; without it the template is compiled."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code


def compile_once() -> None:
    """Let all applications of this process share what they compile."""
    Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
    compiled = Rule._compile_builder
    kept: dict[Any, Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return compiled(self, append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in kept:
            kept[key] = compiled(self, append_unknown)
        return kept[key]

    Rule._compile_builder = _compile_builder  # type: ignore[method-assign]
