"""Templates, addresses of pages and statements, compiled once in a process: every test makes an application of its own.

Three quarters of a short test's time went into compiling the same hundred templates and thousand addresses again, a tenth
of what was left into the same statements for one more database.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import CodeType
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.util import LRUCache
from werkzeug.routing.converters import BaseConverter
from werkzeug.routing.rules import Rule, RulePart

from service.store.sealed_columns import keys_of


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


class KeptStatements(LRUCache[Any, Any]):
    """Keeps what statements were compiled to, for all databases of one kind."""

    def get(self, key: Any, otherwise: Any = None) -> Any:
        """Return what a statement was compiled to; the first part of its key is the dialect of one engine."""
        return super().get((type(key[0]), *key[1:]), otherwise)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


def compile_once() -> None:
    """Let all applications and databases of this process share what they compile."""
    Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
    sa.ClauseElement._compile_w_cache = _statements_kept(sa.ClauseElement._compile_w_cache)  # type: ignore[method-assign]
    Rule._compile_builder = _builders_kept(Rule._compile_builder)  # type: ignore[method-assign]
    Rule._parse_rule = _parts_kept(Rule._parse_rule)  # type: ignore[method-assign]


def _statements_kept(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """Keep statements for all databases, but those with encrypted columns: what encrypts holds on to the keys of one."""
    kept = KeptStatements(4000)

    def _compile_w_cache(
        self: sa.ClauseElement, dialect: sa.Dialect, *, compiled_cache: MutableMapping[Any, Any] | None, **more: Any
    ) -> Any:
        cache = kept if compiled_cache is not None and keys_of(dialect) is None else compiled_cache
        return compiled(self, dialect, compiled_cache=cache, **more)

    return _compile_w_cache


def _builders_kept(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the functions that put addresses together."""
    kept: dict[Any, Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return compiled(self, append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in kept:
            kept[key] = compiled(self, append_unknown)
        return kept[key]

    return _compile_builder


def _parts_kept(parsed: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what addresses are taken apart into, with the converters of their places, which look at nothing but a word."""
    kept: dict[Any, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}

    def _parse_rule(self: Rule, rule: str) -> list[RulePart]:
        key = (rule, tuple(self.map.converters.values()))
        if key not in kept:
            place, before = len(self._trace), dict(self._converters)
            parts = list(parsed(self, rule))
            kept[key] = parts, self._trace[place:], {n: c for n, c in self._converters.items() if n not in before}
            return parts
        parts, trace, converters = kept[key]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

    return _parse_rule
