"""Parse YAML with the line of every key, duplicate keys refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.syntax_words import yaml_words
from service.domain.errors import Invalid
from service.domain.text import Text

MAX_BYTES = 2_000_000
MAX_NODES = 100_000
MAX_DEPTH = 60

Scalar: TypeAlias = bool | int | float | str | date | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"

_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Composer(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Builds nodes with their places, by libyaml where it is there; what a scalar means (YAML 1.2) is decided below, not by tags."""

    def resolve(self, *_about: object) -> str:
        """Return no tag: none is looked at."""
        return ""

    def descend_resolver(self, parent: Node | None, _index: object) -> None:
        """Called before every node: what nests without end would exhaust the stack."""
        self._depth = getattr(self, "_depth", -1) + 1
        if self._depth > MAX_DEPTH:
            raise _Deep(parent)

    def ascend_resolver(self) -> None:
        """Called behind every node."""
        self._depth -= 1


class _Deep(Exception):
    """The text nests too deep below ``node``."""

    def __init__(self, node: Node | None) -> None:
        self.node = node
        super().__init__("too deep")


_NEST_LESS = Text(f"嵌套超过 {MAX_DEPTH} 层。请减少嵌套。", f"Values are nested deeper than {MAX_DEPTH}. Nest less.")


@dataclass(frozen=True, slots=True)
class YamlMap:
    """A mapping; ``lines`` holds the line (from 1) of each key."""

    entries: dict[str, YamlValue]
    lines: dict[str, int]
    line: int


@dataclass(frozen=True, slots=True)
class YamlList:
    """A sequence of values."""

    items: tuple[YamlValue, ...]
    line: int


YamlValue: TypeAlias = "YamlMap | YamlList | Scalar"


class YamlMistake(Invalid):
    """The file is not the YAML we accept; ``line`` counts from 1."""

    code = "yaml"

    def __init__(self, file: str, line: int, what: Text) -> None:
        self.line = line
        self.what = what
        super().__init__(Text(f"{file} 第 {line} 行：{what.zh}", f"{file} line {line}: {what.en}"))


@of_newest(by_file)
def parse_yaml(content: bytes, file: str) -> YamlValue:
    """Read one YAML 1.2 document; raises YamlMistake with file and line.

    The result is shared and must not be changed.
    """
    if len(content) > MAX_BYTES:
        raise YamlMistake(file, 1, Text("文件超过 2 MB。", "The file is larger than 2 MB."))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise YamlMistake(file, line, Text("不是 UTF-8 编码。", "This is not UTF-8.")) from error
    try:
        node = yaml.compose(text, Loader=Composer)
    except _Deep as deep:
        raise YamlMistake(file, _line(deep.node) if deep.node else 1, _NEST_LESS) from deep
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlMistake(file, line, yaml_words(error.problem or "")) from error
    except YAMLError as error:
        raise YamlMistake(file, 1, Text("YAML 无法读取。", "The YAML cannot be read.")) from error
    return None if node is None else _Converter(file).value(node)


class _Converter:
    """Turns composed nodes into values, counting them: aliases could multiply a small file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._left = MAX_NODES
        self._depth = 0

    def value(self, node: Node) -> YamlValue:
        self._left -= 1
        if self._left < 0:
            raise self._mistake(node, Text("内容过多或别名循环。", "Too much content, or aliases that multiply."))
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if self._depth == MAX_DEPTH:
            raise self._mistake(node, _NEST_LESS)
        self._depth += 1
        found = self._mapping(node) if isinstance(node, MappingNode) else self._sequence(node)
        self._depth -= 1
        return found

    def _sequence(self, node: Node) -> YamlValue:
        if not isinstance(node, SequenceNode):
            return None
        return YamlList(tuple(self.value(item) for item in node.value), _line(node))

    def _mapping(self, node: MappingNode) -> YamlMap:
        entries: dict[str, YamlValue] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise self._mistake(key, Text("键必须是文字。", "A key must be plain text."))
            if key.value in entries:
                raise self._mistake(
                    key, Text(f"键“{key.value}”重复。删去其中一个。", f"Key “{key.value}” stands twice. Remove one.")
                )
            entries[key.value] = self.value(value)
            lines[key.value] = _line(key)
        return YamlMap(entries, lines, _line(node))

    def _scalar(self, node: ScalarNode) -> Scalar:
        text = str(node.value)
        if node.style in ("'", '"', "|", ">"):
            return text
        return self._plain(text, node)

    def _plain(self, text: str, node: ScalarNode) -> Scalar:
        if text in _NULLS:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if _INTEGER.fullmatch(text) and len(text) < 19:
            return int(text)
        if _NUMBER.fullmatch(text):
            return float(text)
        return self._day(text, node) if _DAY.fullmatch(text) else text

    def _day(self, text: str, node: ScalarNode) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self._mistake(node, Text(f"没有 {text} 这一天。", f"There is no day {text}.")) from error

    def _mistake(self, node: Node, what: Text) -> YamlMistake:
        return YamlMistake(self._file, _line(node), what)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def plain(value: YamlValue) -> Value:
    """Return ``value`` as ordinary dicts and lists."""
    if isinstance(value, YamlMap):
        return {key: plain(item) for key, item in value.entries.items()}
    if isinstance(value, YamlList):
        return [plain(item) for item in value.items]
    return value


def scalars(value: YamlValue) -> Iterator[Scalar]:
    """Yield every scalar below ``value``, keys not included."""
    if isinstance(value, YamlMap):
        for item in value.entries.values():
            yield from scalars(item)
    elif isinstance(value, YamlList):
        for item in value.items:
            yield from scalars(item)
    else:
        yield value
