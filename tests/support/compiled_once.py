"""Templates, addresses of pages and statements, compiled once in a process: every test makes an application of its own.

Three quarters of a short test's time went into compiling the same hundred templates and thousand addresses again, a tenth
of what was left into the same statements for one more database.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from copy import copy
from operator import attrgetter
from types import CodeType
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory

from service.store.types import keys_of


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


class SharedAddresses(Map):
    """The addresses of an application, put together when they are first asked for; those with the same rules share them.

    A rule that is added later belongs to this application alone, as it makes other rules of it.
    """

    _known: ClassVar[dict[object, Map]] = {}

    def __init__(self, *given: Any, **more: Any) -> None:
        self._given: list[Rule] = []
        super().__init__(*given, **more)

    def add(self, rulefactory: RuleFactory) -> None:
        """Keep rules until an address is asked for."""
        self._given.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        """Take what is known of these rules, or put it together."""
        if not self._remap:
            return
        with self._remap_lock:
            ways: dict[str, Any] = dict(zip(_WAYS, attrgetter(*_WAYS)(self), strict=True))
            key = (tuple(ways.values()), tuple(self.converters.items()), tuple(map(_said, self._given)))
            if key not in self._known:
                self._known[key] = Map([copy(rule) for rule in self._given], converters=self.converters, **ways)
                self._known[key].update()
            self._matcher = self._known[key]._matcher
            self._rules_by_endpoint = self._known[key]._rules_by_endpoint
            self._remap = False


_WAYS = (
    "default_subdomain",
    "strict_slashes",
    "merge_slashes",
    "redirect_defaults",
    "sort_parameters",
    "sort_key",
    "host_matching",
)
_SAID_OF_RULE = attrgetter(
    "rule", "endpoint", "subdomain", "host", "build_only", "alias", "strict_slashes", "merge_slashes", "redirect_to",
    "websocket", "provide_automatic_options",
)  # fmt: skip


def _said(rule: Rule) -> tuple[object, ...]:
    """Return everything by which two rules that no map has yet are told apart."""
    return (*_SAID_OF_RULE(rule), frozenset(rule.methods or ()), tuple((rule.defaults or {}).items()))


def compile_once() -> None:
    """Let all applications and databases of this process share what they compile."""
    Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
    Flask.url_map_class = SharedAddresses
    sa.ClauseElement._compile_w_cache = _statements_kept(sa.ClauseElement._compile_w_cache)  # type: ignore[method-assign]


def _statements_kept(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """Keep statements for all databases, but those with encrypted columns: what encrypts holds on to the keys of one."""
    kept = KeptStatements(4000)

    def _compile_w_cache(
        self: sa.ClauseElement, dialect: sa.Dialect, *, compiled_cache: MutableMapping[Any, Any] | None, **more: Any
    ) -> Any:
        cache = kept if compiled_cache is not None and keys_of(dialect) is None else compiled_cache
        return compiled(self, dialect, compiled_cache=cache, **more)

    return _compile_w_cache
