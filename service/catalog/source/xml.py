"""XML from strangers: no entities, no network, no document types, bounded size."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from lxml import etree

from service.domain.errors import Invalid
from service.domain.text import Text

MAX_BYTES = 5_000_000
MAX_DEPTH = 60

XmlElement = Any
"""An element of lxml, which has no type hints."""


class XmlMistake(Invalid):
    """The file is not XML we accept; ``line`` counts from 1."""

    code = "xml"

    def __init__(self, file: str, line: int, what: Text) -> None:
        self.line = line
        super().__init__(Text(f"{file} 第 {line} 行：{what.zh}", f"{file} line {line}: {what.en}"))


def parse_xml(content: bytes, file: str) -> XmlElement:
    """Return the root element of ``content``; raises XmlMistake with file and line."""
    if len(content) > MAX_BYTES:
        raise XmlMistake(file, 1, Text("文件超过 5 MB。", "The file is larger than 5 MB."))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise XmlMistake(file, 1, Text("不允许文档类型和实体声明。", "Document types and entities are not allowed."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise XmlMistake(file, line, Text(f"XML 语法有误（{error}）。", f"The XML is malformed ({error}).")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlMistake(file, 1, Text("不允许文档类型和实体声明。", "Document types and entities are not allowed."))
    return root


def local(element: XmlElement) -> str:
    """Return the tag without its namespace; "" for comments and processing instructions."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def children(element: XmlElement, *names: str) -> list[XmlElement]:
    """Return the direct children whose local name is one of ``names`` (all elements without names)."""
    return list(element.iterchildren(*_whatever_namespace(names)))


def child(element: XmlElement, name: str) -> XmlElement | None:
    """Return the first direct child called ``name``."""
    return next(element.iterchildren(*_whatever_namespace((name,))), None)


@cache
def _whatever_namespace(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{*}}{name}" for name in names) or ("{*}*",)


def text_of(element: XmlElement | None) -> str:
    """Return the stripped text of ``element``, "" for None."""
    return "" if element is None else "".join(element.itertext()).strip()
