"""Parse YAML with the line of every key, duplicate keys refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import Invalid
from service.domain.text import Text

_YAML: Mapping[str, Text] = {
    "expected ',' or ']'": Text("方括号没有写完，或者各项之间缺少逗号", "a list in brackets is not closed, or a comma is missing"),
    "expected ',' or '}'": Text("花括号没有写完，或者各项之间缺少逗号", "a mapping in braces is not closed, or a comma is missing"),
    "mapping values are not allowed": Text(
        "这里不能再写“键: 值”：可能缩进不对，或者文本里含有冒号而没有加引号",
        "a key cannot stand here: the indentation is wrong, or a text with a colon lacks its quotation marks",
    ),
    "cannot start any token": Text(
        "这里的字符不能作开头：缩进请用空格，不用制表符；以 @、`、% 开头的文本请加引号",
        "nothing begins with this character: indent with blanks, not tabs; put texts that begin with @, ` or % in quotation marks",
    ),
    "undefined alias": Text("引用（*）的锚点没有定义", "an alias (*) names an anchor that is not there"),
    "expected '-' indicator": Text("这里应是列表的下一项（以“-”开头），或者缩进不对", "the next item of a list (-) is expected, or the indentation is wrong"),
    "expected <block end>": Text("缩进与上文不一致", "the indentation does not agree with the lines above"),
    "expected <document start>": Text("多出括号，或者上文已经结束", "there is a bracket too many, or what stands above has ended"),
    "unexpected end of stream": Text("引号没有写完", "a quotation mark is not closed"),
    "expected key": Text("缺少键名", "a key is missing"),
    "could not find expected ':'": Text("键后面缺少冒号", "a colon is missing after a key"),
    "unknown escape": Text("反斜杠后面的字符不能这样写，请改用单引号", "the character after a backslash cannot stand there: use single quotation marks"),
}  # fmt: skip
_JSON: Mapping[str, Text] = {
    "zero-length": Text("文件是空的", "the file is empty"),
    "unexpected end of data": Text("没有写完，缺少括号或者引号", "it is not finished: a bracket or quotation mark is missing"),
    "trailing comma": Text("最后一项后面多了逗号", "there is a comma after the last item"),
    "not valid UTF-8": Text("不是 UTF-8 编码", "it is not UTF-8"),
    "expected a JSON value": Text("这里应为一个值", "a value is expected here"),
    "unexpected content after": Text("结尾之后还有内容", "something follows after the end"),
    "control character": Text("文本里有换行或者控制字符", "a text holds a line break or a control character"),
    "surrogate": Text("文本里有不完整的字符", "a text holds half a character"),
    "unexpected character": Text("多出或者写错了一个符号", "there is a character too many, or a wrong one"),
    "escape": Text("反斜杠后面的字符不能这样写", "the character after a backslash cannot stand there"),
}  # fmt: skip


def yaml_words(message: str) -> Text:
    """Return what the parser of YAML ``message``, as a sentence about the line."""
    what = _find_words(_YAML, message)
    if what is None:
        return Text(
            "YAML 语法有误。请对照上下几行检查缩进、冒号和引号。",
            "The YAML is malformed: check indentation, colons and quotation marks.",
        )
    return Text(f"YAML 语法有误：{what.zh}。", f"The YAML is malformed: {what.en}.")


def json_words(message: str) -> Text:
    """Return what the parser of JSON ``message``, as a sentence about the line."""
    what = _find_words(_JSON, message)
    if what is None:
        return Text(
            "不是 JSON。请对照上下几行检查括号、逗号和引号。",
            "This is not JSON: check brackets, commas and quotation marks.",
        )
    return Text(f"不是 JSON：{what.zh}。", f"This is not JSON: {what.en}.")


def _find_words(words: Mapping[str, Text], text: str) -> Text | None:
    return next((what for part, what in words.items() if part in text), None)


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
        raise YamlMistake(file, _get_line(deep.node) if deep.node else 1, _NEST_LESS) from deep
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
            raise self._build_mistake(node, Text("内容过多或别名循环。", "Too much content, or aliases that multiply."))
        if isinstance(node, ScalarNode):
            return self._convert_scalar(node)
        if self._depth == MAX_DEPTH:
            raise self._build_mistake(node, _NEST_LESS)
        self._depth += 1
        result = self._convert_mapping(node) if isinstance(node, MappingNode) else self._convert_sequence(node)
        self._depth -= 1
        return result

    def _convert_sequence(self, node: Node) -> YamlValue:
        if not isinstance(node, SequenceNode):
            return None
        return YamlList(tuple(self.value(item) for item in node.value), _get_line(node))

    def _convert_mapping(self, node: MappingNode) -> YamlMap:
        entries: dict[str, YamlValue] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise self._build_mistake(key, Text("键必须是文字。", "A key must be plain text."))
            if key.value in entries:
                raise self._build_mistake(key, words_of_double(key.value))
            entries[key.value] = self.value(value)
            lines[key.value] = _get_line(key)
        return YamlMap(entries, lines, _get_line(node))

    def _convert_scalar(self, node: ScalarNode) -> Scalar:
        text = str(node.value)
        if node.style in ("'", '"', "|", ">"):
            return text
        return self._convert_plain(text, node)

    def _convert_plain(self, text: str, node: ScalarNode) -> Scalar:
        if text in _NULLS:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if _INTEGER.fullmatch(text) and len(text) < 19:
            return int(text)
        if _NUMBER.fullmatch(text):
            return float(text)
        return self._convert_day(text, node) if _DAY.fullmatch(text) else text

    def _convert_day(self, text: str, node: ScalarNode) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self._build_mistake(node, Text(f"没有 {text} 这一天。", f"There is no day {text}.")) from error

    def _build_mistake(self, node: Node, what: Text) -> YamlMistake:
        return YamlMistake(self._file, _get_line(node), what)


def words_of_double(key: str) -> Text:
    """Return what is said of a key that stands twice in one mapping."""
    return Text(f"键“{key}”重复。删去其中一个。", f"Key “{key}” stands twice. Remove one.")


def _get_line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def to_plain_value(value: YamlValue) -> Value:
    """Return ``value`` as ordinary dicts and lists."""
    if isinstance(value, YamlMap):
        return {key: to_plain_value(item) for key, item in value.entries.items()}
    if isinstance(value, YamlList):
        return [to_plain_value(item) for item in value.items]
    return value


def iterate_scalars(value: YamlValue) -> Iterator[Scalar]:
    """Yield every scalar below ``value``, keys not included."""
    if isinstance(value, YamlMap):
        for item in value.entries.values():
            yield from iterate_scalars(item)
    elif isinstance(value, YamlList):
        for item in value.items:
            yield from iterate_scalars(item)
    else:
        yield value


MOST_ENTRIES = 10_000
"""Keys and items of a file, thrice those of the largest of a city: to keep a larger one in its form would hold everybody up."""


def require_entries(content: bytes, file: str) -> None:
    """Raise YamlMistake where a file holds more keys and items than people edit, or cannot be read."""
    size = _count_entries(parse_yaml(content, file))
    if size > MOST_ENTRIES:
        raise YamlMistake(
            file,
            1,
            Text(
                f"文件中有 {size} 个键和列表项，最多 {MOST_ENTRIES} 个，没有保存。请分成几个文件。",
                f"The file has {size} keys and items, at most {MOST_ENTRIES} are taken; nothing was saved. Split it.",
            ),
        )


def _count_entries(value: YamlValue) -> int:
    if isinstance(value, YamlMap):
        return len(value.entries) + sum(map(_count_entries, value.entries.values()))
    return len(value.items) + sum(map(_count_entries, value.items)) if isinstance(value, YamlList) else 0
