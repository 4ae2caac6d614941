"""What a later form of a case takes over from an earlier one by its first values: the same question, asked twice."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.feel import compiled
from service.catalog.package import Package
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError
from service.domain.feel.nodes import ContextLiteral, Name, Node, Path


def taken_over(package: Package, earlier: str, later: str) -> dict[str, str]:
    """Return the fields of form ``earlier``, by path, with the path at which ``later`` begins with what they say."""
    elements = (one for diagram in package.processes.values() for one in diagram.elements.values())
    texts = dict.fromkeys(one.prefill for one in elements if one.form == later and earlier in one.prefill)
    return {source: path for text in texts for source, path in _copies(text, earlier)}


def _copies(text: str, earlier: str) -> Iterator[tuple[str, str]]:
    try:
        yield from _within(compiled(text).node, earlier, "")
    except (FeelSyntaxError, FeelLimitExceeded):  # the check of the package tells it
        return


def _within(node: Node, earlier: str, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, ContextLiteral):
        for key, value in node.entries:
            yield from _within(value, earlier, f"{path}.{key}" if path else key)
    elif isinstance(node, Path) and isinstance(node.base, Name) and node.base.name == earlier and path:
        yield ".".join(node.names), path
