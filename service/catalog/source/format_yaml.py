"""The stable format of YAML, comments kept, and changes of single values in place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import RoundTripEmitter

from service.catalog.source.yaml import parse_yaml
from service.domain.errors import Invalid
from service.domain.text import Text

Place: TypeAlias = Sequence[str | int]
"""Keys and positions from the top: ``("parameters", "x", "values", 0, "value")``."""
_KEPT = 32
"""Documents and texts that are kept: some files of the one place that somebody draws."""
_LONG = 500
"""Characters from which a text is worth keeping; rows that are put into documents are shorter."""
_WORDS = (str, int, float, bool, type(None))


def format_yaml(text: str, file: str = "file.yaml") -> str:
    """Return ``text`` in the stable format; formatting twice changes nothing.

    Comments, quotes, order and flow style are kept; indentation and spacing are made uniform.
    Raises YamlMistake for what we do not read.
    """
    parse_yaml(text.encode(), file)
    return _formatted(text)


@lru_cache(maxsize=_KEPT)
def _formatted(text: str) -> str:
    return dump_yaml(load_yaml(text))


def change_yaml(text: str, place: Place, value: Any, file: str = "file.yaml", instead_of: str = "") -> str:
    """Return ``text`` with the value at ``place`` replaced; everything else stays as it was.

    The last key of ``place`` may be new, any before it must be there; ``instead_of`` is a key beside it that goes.
    Raises YamlMistake and Invalid.
    """
    parse_yaml(text.encode(), file)
    document = load_yaml(text)
    holder: Any = document
    for key in place[:-1]:
        holder = _inside(holder, key, file)
    if not isinstance(holder, dict | list) or (isinstance(holder, list) and place[-1] not in range(len(holder))):
        raise _nowhere(place[-1], file)
    _put(holder, place[-1], value)
    if isinstance(holder, dict):
        holder.pop(instead_of, None)
    return dump_yaml(document)


def _put(holder: Any, key: str | int, value: Any) -> None:
    holder[key] = value


def _inside(holder: Any, key: str | int, file: str) -> Any:
    try:
        return holder[key]
    except (KeyError, IndexError, TypeError):
        raise _nowhere(key, file) from None


def _nowhere(key: str | int, file: str) -> Invalid:
    return Invalid(Text(f"{file} 中没有“{key}”。", f"{file} has no “{key}”."))


class _Braced(RoundTripEmitter):
    """Writes a mapping of one key in a list on one line as ``[{a: 1}]``; ruamel's own ``[a: 1]`` reads as something else."""

    def expect_flow_mapping(self, single: bool | None = False, force_flow_indent: bool | None = False) -> None:  # noqa: ARG002
        super().expect_flow_mapping(False, force_flow_indent)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Emitter = _Braced
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _null(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def load_yaml(text: str) -> Any:
    """Return a document of one's own that keeps its comments, quotes and order; an empty mapping for an empty text."""
    found = _own(_loaded(text), {}) if len(text) >= _LONG else _yaml().load(text)
    return CommentedMap() if found is None else found


@lru_cache(maxsize=_KEPT)
def _loaded(text: str) -> Any:
    """Return a document that nobody may change or write: each step of a drawing reads the same files again."""
    return _yaml().load(text)


def _own(node: Any, known: dict[int, Any]) -> Any:
    """Return a copy of a node, in a tenth of the time that reading it takes; ``known`` are those that aliases may repeat.

    `deepcopy` copies the comments of a list again for each of its items.
    """
    if id(node) in known:
        return known[id(node)]
    if type(node) in _WORDS:
        return node
    made: Any
    if isinstance(node, CommentedMap):
        known[id(node)] = made = CommentedMap()
        for key, held in node.items():
            made[key] = _own(held, known)
    elif isinstance(node, CommentedSeq):
        known[id(node)] = made = CommentedSeq()
        for held in node:
            made.append(_own(held, known))
    else:
        return deepcopy(node, known)
    node.copy_attributes(made, memo=known)
    return made


def dump_yaml(document: Any) -> str:
    """Return a document of ``load_yaml`` as text in the stable format."""
    stream = io.StringIO()
    _yaml().dump(document, stream)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    return "\n".join(lines).strip("\n") + "\n"
