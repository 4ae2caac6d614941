"""Reads boxed expressions and decision tables."""

from __future__ import annotations

from collections.abc import Callable

from service.domain.decisions import boxed
from service.domain.decisions.boxed import Boxed, Signature
from service.domain.decisions.cells import Compilation, code_of
from service.domain.decisions.read_table import read_table
from service.domain.decisions.read_types import TypeReader
from service.domain.decisions.tags import Tag, child, children, tag_of, text_in
from service.domain.feel import FunctionSet
from service.domain.feel.lexer import tidy
from service.domain.feel.scope import Code


class BoxedReader:
    """Turns the elements of one model into code."""

    def __init__(self, functions: FunctionSet, names: tuple[str, ...], types: TypeReader) -> None:
        self._compile = Compilation(functions, names)
        self._types = types
        self._readers: dict[str, Callable[[Tag], Boxed]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "list": self._list,
            "relation": self._relation,
            "invocation": self._invocation,
            "functionDefinition": self._function,
            "conditional": self._conditional,
            "for": self._for,
            "some": self._some,
            "every": self._every,
            "filter": self._filter,
        }

    def inside(self, tag: Tag) -> Boxed | None:
        """Read the boxed expression directly inside ``tag``, if there is one."""
        found = next((part for part in tag if tag_of(part) in self._readers), None)
        return None if found is None else self._read(found)

    def parameters(self, tag: Tag) -> tuple[Signature, ...]:
        """Read the formal parameters inside ``tag``."""
        return tuple(
            Signature(tidy(part.get("name", "")), self._types.named(part.get("typeRef")))
            for part in children(tag, "formalParameter")
        )

    def _read(self, tag: Tag) -> Boxed:
        return boxed.typed(self._readers[tag_of(tag)](tag), self._types.named(tag.get("typeRef")))

    def _code(self, tag: Tag | None) -> Code:
        found = None if tag is None else self.inside(tag)
        return (lambda _scope: None) if found is None else found.code

    def _literal(self, tag: Tag) -> Boxed:
        text = text_in(tag)
        return Boxed(code_of(self._compile.expression(text))) if text else Boxed(lambda _scope: None)

    def _table(self, tag: Tag) -> Boxed:
        owner = tag.getparent()
        name = tag.get("outputLabel") or (owner.get("name") if owner is not None else "") or ""
        return boxed.boxed_table(read_table(tag, name, self._compile, self._types))

    def _context(self, tag: Tag) -> Boxed:
        entries: list[tuple[str | None, Code]] = []
        for part in children(tag, "contextEntry"):
            variable, found = child(part, "variable"), self.inside(part)
            kind = self._types.named(None if variable is None else variable.get("typeRef"))
            code = (lambda _scope: None) if found is None else boxed.typed(found, kind).code
            entries.append((None if variable is None else tidy(variable.get("name", "")), code))
        return boxed.context(entries)

    def _list(self, tag: Tag) -> Boxed:
        return boxed.listing([self._read(part).code for part in tag if tag_of(part) in self._readers])

    def _relation(self, tag: Tag) -> Boxed:
        columns = [tidy(column.get("name", "")) for column in children(tag, "column")]
        rows = [
            [self._read(part).code for part in row if tag_of(part) in self._readers] for row in children(tag, "row")
        ]
        return boxed.relation(columns, rows)

    def _invocation(self, tag: Tag) -> Boxed:
        names, arguments = [], []
        for binding in children(tag, "binding"):
            parameter = child(binding, "parameter")
            names.append(tidy(parameter.get("name", "")) if parameter is not None else "")
            arguments.append(self._code(binding))
        return boxed.invocation(self._code(tag), names, arguments)

    def _function(self, tag: Tag) -> Boxed:
        return boxed.function(self.parameters(tag), self._code(tag), self._types.named(None))

    def _conditional(self, tag: Tag) -> Boxed:
        return boxed.conditional(*(self._code(child(tag, part)) for part in ("if", "then", "else")))

    def _for(self, tag: Tag) -> Boxed:
        return boxed.iteration(_iterator(tag), self._code(child(tag, "in")), self._code(child(tag, "return")))

    def _some(self, tag: Tag) -> Boxed:
        return self._quantified(tag, settles=True)

    def _every(self, tag: Tag) -> Boxed:
        return self._quantified(tag, settles=False)

    def _quantified(self, tag: Tag, *, settles: bool) -> Boxed:
        condition = self._code(child(tag, "satisfies"))
        return boxed.quantified(_iterator(tag), self._code(child(tag, "in")), condition, settles=settles)

    def _filter(self, tag: Tag) -> Boxed:
        return boxed.selection(self._code(child(tag, "in")), self._code(child(tag, "match")))


def _iterator(tag: Tag) -> str:
    return tidy(tag.get("iteratorVariable", ""))
