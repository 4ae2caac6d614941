"""Strict, typed reading of one YAML mapping: what is missing, misspelt or mistyped becomes a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from typing import TypeVar

from service.catalog.problems import MAX_REPORTED_PROBLEMS, Problem, Severity, did_you_mean, more_unknown
from service.catalog.source.yaml import Value, YamlList, YamlMap, YamlMistake, YamlValue, parse_yaml, to_plain_value
from service.domain.text import Text
from service.domain.translation import FURTHER

Choice = TypeVar("Choice", bound=Enum)
Report = Callable[[Problem], None]
FORMAT = 2
"""The format in which the files of a package are written; each says it."""


class Fields:
    """One mapping, read key by key; call ``done`` at the end to refuse what was not read."""

    def __init__(self, node: YamlMap, file: str, report: Report, where: str = "") -> None:
        self.node = node
        self.file = file
        self.report = report
        self.where = where
        self._read: set[str] = set()

    def path(self, key: str) -> str:
        """Return the path of ``key`` from the top of the file."""
        return f"{self.where}.{key}" if self.where else key

    def problem(self, key: str, rule: str, message: Text, remedy: Text, severity: Severity = Severity.ERROR) -> None:
        """Report a problem at ``key``."""
        line = self.node.lines.get(key, self.node.line)
        self.report(Problem(self.file, self.path(key) if key else self.where, rule, message, remedy, severity, line))

    def has(self, key: str) -> bool:
        """Tell whether ``key`` stands in the file."""
        return key in self.node.entries

    def raw(self, key: str) -> YamlValue:
        """Return the value of an optional key as it stands."""
        self._read.add(key)
        return self.node.entries.get(key)

    def value(self, key: str) -> Value:
        """Return the value of an optional key as ordinary data."""
        return to_plain_value(self.raw(key))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a required text, or ``default`` where one is given. Numbers and days count as text."""
        value = self._read_entry(key, required=default is None)
        if value is None:
            return default or ""
        if isinstance(value, str | int | float | date) and not isinstance(value, bool):
            return str(value)
        self._report_wrong_type(key, "文字", "a text")
        return default or ""

    def optional(self, key: str) -> str | None:
        """Return a text, or None where the key is absent."""
        return self.text(key, "") or None

    def both(self, key: str = "name") -> Text:
        """Return ``key`` and ``key_en``, or ``{zh: …, en: …}`` at ``key``, as one text; Chinese serves for no English."""
        if isinstance(self.raw(key), YamlMap):
            self.raw(f"{key}_en")
            return self.bilingual(key) or Text("", "")
        zh = self.text(key)
        return Text(zh, self.text(f"{key}_en", "") or zh)

    def bilingual(self, key: str) -> Text | None:
        """Return ``{zh: …, en: …}``, with further languages under their codes, or a plain Chinese text."""
        value = self.raw(key)
        if isinstance(value, YamlMap):
            inner = Fields(value, self.file, self.report, self.path(key))
            zh, en = inner.text("zh"), inner.text("en", "")
            further = [name for name in value.entries if name in FURTHER]
            result = Text(zh, en or zh, tuple((name, inner.text(name)) for name in further))
            inner.done()
            return result
        zh = self.text(key, "")
        return Text(zh, zh) if zh else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts (a single text counts as a list of one), empty when absent."""
        value = self.raw(key)
        if value is None:
            return ()
        items = value.items if isinstance(value, YamlList) else (value,)
        if any(isinstance(item, YamlMap | YamlList | bool) or item is None for item in items):
            self._report_wrong_type(key, "文字列表", "a list of texts")
            return ()
        return tuple(str(item) for item in items)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._report_wrong_type(key, "true 或 false", "true or false")
            return default
        return value

    def day(self, key: str, required: bool = True) -> date | None:
        """Return a day."""
        value = self._read_entry(key, required)
        if value is None or isinstance(value, date):
            return value
        self._report_wrong_type(key, "日期（如 2026-01-31）", "a day such as 2026-01-31")
        return None

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Return one word of ``kind``."""
        word = self.text(key, None if default is None else default.value)
        try:
            return kind(word)
        except ValueError:
            if word:
                self.problem(
                    key,
                    "unknown_word",
                    Text(f"“{word}”不是允许的取值。", f"“{word}” is not allowed here."),
                    did_you_mean(word, [str(item.value) for item in kind]),
                )
            return default or next(iter(kind))

    def mapping(self, key: str, required: bool = False) -> Fields:
        """Return the mapping at ``key``, an empty one when it is absent."""
        value = self._read_entry(key, required)
        if value is not None and not isinstance(value, YamlMap):
            self._report_wrong_type(key, "键值映射", "a mapping")
        node = value if isinstance(value, YamlMap) else YamlMap({}, {}, self.node.lines.get(key, self.node.line))
        return Fields(node, self.file, self.report, self.path(key))

    def named(self, key: str, required: bool = False) -> Iterator[tuple[str, Fields]]:
        """Yield (name, fields) for a mapping of mappings."""
        outer = self.mapping(key, required)
        for name in outer.node.entries:
            yield name, outer.mapping(name)

    def rows(self, key: str, required: bool = False) -> Iterator[Fields]:
        """Yield the mappings of a list."""
        value = self._read_entry(key, required)
        if value is not None and not isinstance(value, YamlList):
            self._report_wrong_type(key, "列表", "a list")
        for index, item in enumerate(value.items if isinstance(value, YamlList) else ()):
            if isinstance(item, YamlMap):
                yield Fields(item, self.file, self.report, f"{self.path(key)}[{index + 1}]")
            else:
                self._report_wrong_type(key, "由键值映射组成的列表", "a list of mappings")

    def strings(self, key: str) -> dict[str, str]:
        """Return a mapping of texts."""
        outer = self.mapping(key)
        return {name: outer.text(name) for name in outer.node.entries}

    def done(self) -> None:
        """Report every key that nobody read; of very many the first, and how many there are besides."""
        unread = [key for key in self.node.entries if key not in self._read]
        missing = self._read - self.node.entries.keys()
        for key in unread[:MAX_REPORTED_PROBLEMS]:
            self.problem(
                key,
                "unknown_key",
                Text(f"不认识的键“{key}”。", f"Unknown key “{key}”."),
                did_you_mean(key, missing or self._read),
            )
        if unread[MAX_REPORTED_PROBLEMS:]:
            self.problem(
                unread[MAX_REPORTED_PROBLEMS], "unknown_key", *more_unknown(len(unread) - MAX_REPORTED_PROBLEMS)
            )

    def _read_entry(self, key: str, required: bool) -> YamlValue:
        value = self.raw(key)
        if value is None and required:
            self.problem(
                key,
                "missing_key",
                Text(f"缺少“{key}”。", f"“{key}” is missing."),
                Text(f"补上“{key}: …”。", f"Add “{key}: …”."),
            )
        return value

    def _report_wrong_type(self, key: str, zh: str, en: str) -> None:
        self.problem(
            key,
            "wrong_type",
            Text(f"“{key}”应为{zh}。", f"“{key}” should be {en}."),
            Text("对照手册（processes/README.md）改正写法。", "Correct it by the manual (processes/README.md)."),
        )


def read_fields(content: bytes | None, file: str, report: Report) -> Fields:
    """Read a YAML file whose top is a mapping; what is wrong is reported and an empty mapping returned."""
    if content is None:
        report(
            Problem(
                file, "", "missing_file", Text("缺少此文件。", "This file is missing."), Text("新建它。", "Create it.")
            )
        )
        return silent_fields(file)
    try:
        root = parse_yaml(content, file)
    except YamlMistake as mistake:
        remedy = Text("改正该行。", "Correct that line.")
        report(Problem(file, "", "yaml", mistake.message, remedy, line=mistake.line))
        return silent_fields(file)
    if isinstance(root, YamlMap):
        return Fields(root, file, report)
    message = Text("文件开头应为“键: 值”。", "The file should start with “key: value”.")
    report(
        Problem(
            file,
            "",
            "yaml",
            message,
            Text("对照手册（processes/README.md）改正。", "Correct it by the manual (processes/README.md)."),
            line=1,
        )
    )
    return silent_fields(file)


def require_format(fields: Fields) -> None:
    """Report a file that does not say that it is written in the format that is read."""
    format_number = fields.value("format")
    if format_number == FORMAT and type(format_number) is int:
        return
    message = Text(f"没有写明格式 {FORMAT}。", f"The file does not say that its format is {FORMAT}.")
    fields.problem("format", "unknown_format", message, Text(f"写 format: {FORMAT}。", f"Write format: {FORMAT}."))


def silent_fields(file: str) -> Fields:
    """Return an empty mapping whose missing keys are not reported: the file's own problem says enough."""
    return Fields(YamlMap({}, {}, 1), file, lambda _problem: None)
