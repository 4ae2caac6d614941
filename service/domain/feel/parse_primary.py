"""The part of the parser that reads what operators work on: literals, names, loops, functions, contexts."""

from __future__ import annotations

import re
from abc import abstractmethod
from decimal import Decimal

from service.domain.feel import numbers, temporal
from service.domain.feel.lexer import Lexeme, LexemeKind, normalise_name
from service.domain.feel.nodes import (
    ContextLiteral,
    For,
    FunctionLiteral,
    If,
    Iterator,
    ListLiteral,
    Literal,
    Name,
    Node,
    Quantified,
    RangeLiteral,
    Test,
)
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


_SIGNS = frozenset({"<", "<=", ">", ">=", "=", "!="})
_STARTS = frozenset({"(", "[", "{", "-", "@"})
_FOLLOWING = frozenset({"and", "or", "then", "else", "return", "satisfies", "in", "instance", "between"})


class RangeParser(TypeParser):
    """Reads what stands in brackets."""

    @abstractmethod
    def expression(self, rank: int = 1) -> Node:
        """Read an expression."""

    def brackets(self) -> Node:
        """Read what stands in parentheses: an expression, ``(< 10)`` or ``(a..b]``."""
        start = self.advance().start
        if self.at_sign():
            node: Node = self.open_range()
        else:
            node = self.inside()
            if self.accept(".."):
                return self._range_end(start, node, included=False)
        self.expect(")")
        return node

    def inside(self) -> Node:
        """Read an expression that is no longer directly at the end of a range."""
        before, self.in_range_end = self.in_range_end, False
        node = self.expression()
        self.in_range_end = before
        return node

    def listing(self) -> Node:
        """Read ``[a, b]`` or ``[a..b]``."""
        start = self.advance().start
        if self.accept("]"):
            return ListLiteral((), span=(start, self.last_end))
        first = self._element()
        if self.accept(".."):
            return self._range_end(start, first, included=True)
        elements = [first]
        while self.accept(","):
            elements.append(self._element())
        self.expect("]")
        return ListLiteral(tuple(elements), span=(start, self.last_end))

    def _element(self) -> Node:
        return self.open_range() if self.at_sign() else self.inside()

    def range_after(self) -> Node:
        """Read ``]a..b]``."""
        start = self.advance().start
        first = self.inside()
        self.expect("..")
        return self._range_end(start, first, included=False)

    def _range_end(self, start: int, first: Node, *, included: bool) -> Node:
        before, self.in_range_end = self.in_range_end, True
        last = self.expression(4)
        self.in_range_end = before
        end_included = self.at("]")
        if not (end_included or self.at(")") or self.at("[")):
            raise self.error(Text("区间要以“]”、“)”或“[”结束。", "A range ends with “]”, “)” or “[”."))
        self.advance()
        return RangeLiteral(first, last, included, end_included, span=(start, self.last_end))

    def at_sign(self) -> bool:
        """Say whether an open range such as ``< 10`` starts here."""
        return self.token.sort is LexemeKind.SYMBOL and self.token.text in _SIGNS

    def open_range(self) -> RangeLiteral:
        """Read ``< 10``, ``= 10`` and the like as a range."""
        sign = self.advance()
        bound = self.expression(4)
        low, high = sign.text in (">", ">="), sign.text in ("<", "<=")
        return RangeLiteral(
            None if high else bound,
            None if low else bound,
            sign.text in (">=", "="),
            sign.text in ("<=", "="),
            sign.text,
            span=(sign.start, self.last_end),
        )

    def expression_or_open_range(self) -> Node:
        """Read an expression, or ``< 10`` as a value."""
        return self.open_range() if self.at_sign() else self.inside()

    def closes_range(self) -> bool:
        """Say whether the ``[`` here ends a range such as ``[1..10[`` rather than starting a filter."""
        if not self.in_range_end:
            return False
        following = self.peek()
        if following.sort is LexemeKind.SYMBOL:
            return following.text not in _STARTS
        return following.sort is LexemeKind.END or following.text in _FOLLOWING

    def looks_like_list_of_tests(self) -> bool:
        """Say whether the bracket here holds several tests or an open range, not an expression or a range."""
        return self._in_bracket_scan(self.token.end)

    def _in_bracket_scan(self, position: int) -> bool:
        token, depth = self.lexer.token(position), 0
        if token.sort is LexemeKind.SYMBOL and token.text in _SIGNS:
            return True
        while token.sort is not LexemeKind.END:
            if token.sort is LexemeKind.SYMBOL:
                if depth == 0 and token.text in (",", ")"):
                    return token.text == ","
                if depth == 0 and token.text == "..":
                    return False
                depth += (token.text in "([{") - (token.text in ")]}")
            token = self.lexer.token(token.end)
        return False

    def not_of_tests(self) -> bool:
        """Say whether ``not( … )`` here takes in the whole cell."""
        token, depth = self.lexer.token(self.token.end), 0
        while token.sort is not LexemeKind.END:
            if token.sort is LexemeKind.SYMBOL:
                depth += (token.text in "([{") - (token.text in ")]}")
                if depth == 0:
                    return self.lexer.token(token.end).sort is LexemeKind.END and token.text == ")"
            elif depth == 0:
                return False
            token = self.lexer.token(token.end)
        return False


_CONSTANTS = {"true": True, "false": False, "null": None}


class PrimaryParser(RangeParser):
    """Reads operands; operators are read by Parser."""

    @abstractmethod
    def positive_tests(self) -> list[Test]:
        """Read tests separated by commas."""

    def primary(self) -> Node:
        """Read one operand without what follows it."""
        token = self.token
        if token.sort is LexemeKind.NUMBER:
            return Literal(self._number(), span=(token.start, token.end))
        if token.sort is LexemeKind.STRING:
            self.advance()
            return Literal(token.text, span=(token.start, token.end))
        if token.sort is LexemeKind.NAME:
            self.advance()
            return Name(token.text, span=(token.start, token.end))
        if token.sort is LexemeKind.KEYWORD:
            return self._parse_keyword(token)
        read = {"(": self.brackets, "[": self.listing, "]": self.range_after, "{": self._context, "@": self._at}
        if token.sort is LexemeKind.SYMBOL and token.text in read:
            return read[token.text]()
        raise self.error(self._describe_expected())

    def _describe_expected(self) -> Text:
        token_words = (
            Text("表达式到此结束", "the end")
            if self.token.sort is LexemeKind.END
            else Text(f"“{self.token.text}”", f"“{self.token.text}”")
        )
        return Text(
            f"这里应为数值、文本、名称或括号，却是{token_words.zh}。请补全或删去多余的符号。",
            f"A number, text, name or bracket is expected here, not {token_words.en}. Complete it or delete the rest.",
        )

    def _number(self) -> Decimal:
        number = numbers.parse_decimal(self.token.text)
        if number is None or number != Decimal(self.token.text):
            raise self.error(
                Text(
                    "这个数写得过长或过大：数值只能有 34 位有效数字，再多就会悄悄变成另一个数。请改短；编号写作文本，加引号。",
                    "This number is too long or too large: numbers have 34 digits, and with more it would become another "
                    "one. Shorten it; write a code as text, in quotes.",
                )
            )
        self.advance()
        return number

    def _parse_keyword(self, token: Lexeme) -> Node:
        if token.text in _CONSTANTS:
            self.advance()
            return Literal(_CONSTANTS[token.text], span=(token.start, token.end))
        read = {"if": self._if, "for": self._for, "some": self._some, "every": self._every, "function": self._function}
        if token.text not in read:
            raise self.error(self._describe_expected())
        self.advance()
        return read[token.text](token.start)

    def _if(self, start: int) -> Node:
        condition = self.expression()
        self.keyword("then")
        then = self.expression()
        self.keyword("else", Text("“if”要写“else”部分。", "“if” needs an “else”."))
        otherwise = self.expression()
        return If(condition, then, otherwise, span=(start, self.last_end))

    def _for(self, start: int) -> Node:
        iterators = self._parse_iterators()
        self.keyword("return")
        body = self.expression()
        return For(iterators, body, span=(start, self.last_end))

    def _some(self, start: int) -> Node:
        return self._quantified(start, settles=True)

    def _every(self, start: int) -> Node:
        return self._quantified(start, settles=False)

    def _quantified(self, start: int, *, settles: bool) -> Node:
        iterators = self._parse_iterators()
        self.keyword("satisfies")
        condition = self.expression()
        return Quantified(settles, iterators, condition, span=(start, self.last_end))

    def _parse_iterators(self) -> tuple[Iterator, ...]:
        iterators = [self._parse_iterator()]
        while self.accept(","):
            iterators.append(self._parse_iterator())
        return tuple(iterators)

    def _parse_iterator(self) -> Iterator:
        start, name = self.token.start, self._new_name()
        self.keyword("in")
        source = self.expression(4)
        end = self.expression(4) if self.accept("..") else None
        return Iterator(name, source, end, span=(start, self.last_end))

    def _new_name(self) -> str:
        if self.token.sort is not LexemeKind.NAME:
            raise self.error(Text("这里应为变量名。", "A variable name is expected here."))
        return self.advance().text

    def _function(self, start: int) -> Node:
        self.expect("(")
        parameters, types = [], []
        while not self.at(")"):
            parameters.append(self._new_name())
            types.append(self.type() if self.accept(":") else None)
            if not self.accept(","):
                break
        self.expect(")")
        if self.token.sort is LexemeKind.NAME and self.token.text.split(" ")[0] == "external":
            raise self.error(
                Text(
                    "不支持外部函数（external）。请用 FEEL 写函数体。",
                    "External functions are refused; write the body in FEEL.",
                )
            )
        body = self.expression()
        return FunctionLiteral(tuple(parameters), tuple(types), body, span=(start, self.last_end))

    def _context(self) -> Node:
        start = self.token.start
        entries: list[tuple[str, Node]] = []
        position = self.token.end
        while True:
            position = self.lexer.skip(position)
            if not entries and self.text.startswith("}", position):
                self.move_to(position + 1)
                break
            self.move_to(self._key(position, entries))
            value = self.expression_or_open_range()
            entries[-1] = (entries[-1][0], value)
            if not self.at(","):
                self.expect("}")
                break
            position = self.token.end
        return ContextLiteral(tuple(entries), span=(start, self.last_end))

    def _key(self, position: int, entries: list[tuple[str, Node]]) -> int:
        """Read a key and its colon; keys may hold blanks and signs, so they are read letter by letter."""
        if self.text.startswith('"', position):
            token = self.lexer.token(position)
            name, end = token.text, self.lexer.skip(token.end)
        else:
            end = self.text.find(":", position)
            name = normalise_name(self.text[position:end]) if end > 0 else ""
            if not name or any(mark in name for mark in '{}[]",'):
                self.token = Lexeme(LexemeKind.SYMBOL, "", position, position)
                raise self.error(Text("这里应为“名称: 值”。", "“name: value” is expected here."))
        if not self.text.startswith(":", end):
            self.token = Lexeme(LexemeKind.SYMBOL, "", end, end)
            raise self.error(Text("名称后应为“:”。", "“:” is expected after the name."))
        self.lexer.learn(name)
        entries.append((name, Literal(None)))
        return end + 1

    def argument_name(self) -> str | None:
        """Read ``name:`` of a named argument, if one stands here."""
        if self.token.sort not in (LexemeKind.NAME, LexemeKind.KEYWORD):
            return None
        following = self.peek()
        if following.sort is not LexemeKind.SYMBOL or following.text != ":":
            return None
        name = self.advance().text
        self.advance()
        return name

    def _at(self) -> Node:
        start = self.advance().start
        if self.token.sort is not LexemeKind.STRING:
            raise self.error(
                Text("“@”后要写引号中的日期、时间或时长。", "A quoted date, time or duration follows “@”.")
            )
        value = temporal.parse_any(self.token.text) if self.token.text else None
        if value is None:
            raise self.error(
                Text(
                    f"“{self.token.text}”不是日期、时间或时长，应形如 2026-05-01、09:30:00、P7D。",
                    f"“{self.token.text}” is no date, time or duration such as 2026-05-01, 09:30:00 or P7D.",
                )
            )
        self.advance()
        return Literal(value, span=(start, self.last_end))
