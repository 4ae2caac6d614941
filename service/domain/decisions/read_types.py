"""Reads item definitions."""

from __future__ import annotations

from service.domain.decisions.cells import Compilation
from service.domain.decisions.item_types import ANYTHING, ItemType
from service.domain.decisions.tags import Tag, child, children, text_in
from service.domain.feel import FunctionSet, UnaryTests
from service.domain.feel.types import named_type

_MAX_NESTING = 20


class TypeReader:
    """Finds types by the names that ``typeRef`` uses."""

    def __init__(self, root: Tag, functions: FunctionSet, names: tuple[str, ...]) -> None:
        self._compile = Compilation(functions, names)
        self._tags = {tag.get("name", ""): tag for tag in children(root, "itemDefinition")}
        self._known: dict[str, ItemType] = {}
        self._depth = 0

    def named(self, name: str | None) -> ItemType:
        """Return the type called ``name``; an unknown name admits anything."""
        plain = (name or "").strip()
        if plain in self._tags and plain not in self._known:
            self._known[plain] = self._definition(self._tags[plain])
        return self._known.get(plain) or _basic(plain)

    def _definition(self, tag: Tag) -> ItemType:
        self._depth += 1
        kind = ANYTHING if self._depth > _MAX_NESTING else self._single(tag)
        self._depth -= 1
        return ItemType(element=kind) if tag.get("isCollection") == "true" else kind

    def _single(self, tag: Tag) -> ItemType:
        allowed = self._allowed(tag)
        if child(tag, "functionItem") is not None:
            return ItemType(is_function=True)
        components = tuple((part.get("name", ""), self._definition(part)) for part in children(tag, "itemComponent"))
        if components:
            return ItemType(components=components, allowed=allowed)
        reference = child(tag, "typeRef")
        base = self.named(reference.text if reference is not None else None)
        if allowed is None:
            return base
        return ItemType(base.base, base.components, base.element, allowed, base.is_function)

    def _allowed(self, tag: Tag) -> UnaryTests | None:
        for name in ("allowedValues", "typeConstraint"):
            found = child(tag, name)
            if found is not None:
                return self._compile.tests(text_in(found)).compiled
        return None


def _basic(name: str) -> ItemType:
    kind = named_type(name.rpartition(":")[2] if ":" in name else name)
    return ANYTHING if kind is None or kind.kind is None else ItemType(kind)
