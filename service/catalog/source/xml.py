"""Parse the XML of packages, with file and line of mistakes, and read it without namespaces."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from service.domain.errors import Invalid
from service.domain.files.safe_xml import XmlRefused, read_xml
from service.domain.text import Text

XmlElement = Any
"""An element of lxml, which has no type hints."""


class XmlMistake(Invalid):
    """The file is not XML we accept; ``line`` counts from 1."""

    code = "xml"

    def __init__(self, file: str, line: int, what: Text) -> None:
        self.line = line
        at = Text(f"{file} 第 {line} 行", f"{file} line {line}") if line else Text(file, file)
        super().__init__(Text(f"{at.zh}：{what.zh}", f"{at.en}: {what.en}"))


def parse_xml(content: bytes, file: str) -> XmlElement:
    """Return the root element of ``content``; raises XmlMistake with file and line."""
    try:
        return read_xml(content)
    except XmlRefused as refused:
        raise XmlMistake(file, refused.line, refused.what) from refused


def require_narrow(content: bytes, file: str) -> None:
    """Refuse UTF-16 and UTF-32, in which names are not where a file is searched for them; raises XmlMistake."""
    if b"\x00" in content:
        raise XmlMistake(
            file,
            0,
            Text(
                "文件是 UTF-16 编码，请在原软件中另存为 UTF-8，或者在流程编辑器中重新导入。",
                "The file is written in UTF-16: save it as UTF-8, or import it again in the diagram editor.",
            ),
        )


def get_local_name(element: XmlElement) -> str:
    """Return the tag without its namespace; "" for comments and processing instructions."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def list_child_elements(element: XmlElement, *names: str) -> list[XmlElement]:
    """Return the direct children whose local name is one of ``names`` (all elements without names)."""
    return list(element.iterchildren(*_whatever_namespace(names)))


def find_child_element(element: XmlElement, name: str) -> XmlElement | None:
    """Return the first direct child called ``name``."""
    return next(element.iterchildren(*_whatever_namespace((name,))), None)


@cache
def _whatever_namespace(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{*}}{name}" for name in names) or ("{*}*",)


def text_of(element: XmlElement | None) -> str:
    """Return the stripped text of ``element``, "" for None."""
    return "" if element is None else "".join(element.itertext()).strip()
