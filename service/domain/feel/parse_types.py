"""Reads types: ``date and time``, ``list<number>``, ``context<a: string>``, ``function<number>->string``."""

from __future__ import annotations

import re

from service.domain.feel.lexer import LexemeKind
from service.domain.feel.reader import Reader
from service.domain.feel.types import ANY, BASIC_TYPES, FeelType, named_type
from service.domain.feel.values import ValueKind
from service.domain.text import Text

_WORDY = sorted((name for name in BASIC_TYPES if " " in name), key=len, reverse=True)
_WORDY_TYPE = re.compile("|".join(name.replace(" ", r"\s+") for name in _WORDY))


class TypeParser(Reader):
    """The part of the parser that reads types."""

    def type(self) -> FeelType:
        """Read a type; raise FeelSyntaxError for an unknown one."""
        self.deeper()
        wordy = _WORDY_TYPE.match(self.text, self.token.start)
        if wordy:
            self.move_to(wordy.end())
            result = named_type(" ".join(wordy[0].split())) or ANY
        else:
            result = self._simple_or_generic()
        self.shallower()
        return result

    def _simple_or_generic(self) -> FeelType:
        if self.token.sort not in (LexemeKind.NAME, LexemeKind.KEYWORD):
            raise self.error(Text("这里应为类型名。", "A type is expected here."))
        name = self.token.text.split(" ")[0]
        kind = named_type(name)
        if kind is None:
            raise self.error(
                Text(
                    f"没有类型“{name}”。可用：number、string、boolean、date、list<…> 等。",
                    f"There is no type “{name}”.",
                )
            )
        self.move_to(self.token.start + len(name))
        if not self.at("<"):
            return kind
        self.advance()
        return self._generic(kind)

    def _generic(self, kind: FeelType) -> FeelType:
        if kind.kind in (ValueKind.LIST, ValueKind.RANGE):
            element = self.type()
            self.expect(">")
            return FeelType(kind.kind, element)
        if kind.kind is ValueKind.CONTEXT:
            return FeelType(ValueKind.CONTEXT, fields=self._fields())
        if kind.kind is ValueKind.FUNCTION:
            return self._function_type()
        raise self.error(Text("这个类型没有“<…>”。", "This type takes no “<…>”."))

    def _fields(self) -> tuple[tuple[str, FeelType], ...]:
        fields: list[tuple[str, FeelType]] = []
        while not self.at(">"):
            name = self.advance().text
            self.expect(":")
            fields.append((name, self.type()))
            if not self.accept(","):
                break
        self.expect(">")
        return tuple(fields)

    def _function_type(self) -> FeelType:
        parameters: list[tuple[str, FeelType]] = []
        while not self.at(">"):
            parameters.append((str(len(parameters)), self.type()))
            if not self.accept(","):
                break
        self.expect(">")
        self.expect("->")
        return FeelType(ValueKind.FUNCTION, self.type(), tuple(parameters))
