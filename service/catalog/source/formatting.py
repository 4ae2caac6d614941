"""The stable format of every kind of file a package holds."""

from __future__ import annotations

from pathlib import PurePosixPath

from service.catalog.source.format_xml import format_diagram
from service.catalog.source.format_yaml import format_yaml
from service.catalog.source.json import as_json_file, parse_json
from service.domain.errors import Invalid
from service.domain.text import Text


def format_file(path: str, content: bytes) -> bytes:
    """Return ``content`` in the stable format of its kind; files of other kinds are returned as they are.

    What an editor exports without changes comes out byte for byte as it went in. Raises XmlMistake,
    YamlMistake or Invalid for what cannot be read.
    """
    suffix = PurePosixPath(path).suffix
    if suffix in (".bpmn", ".dmn"):
        return format_diagram(content, path)
    if suffix in (".yaml", ".yml"):
        return format_yaml(_text(path, content), path).encode()
    return format_json(path, content) if suffix == ".json" else content


def format_json(path: str, content: bytes) -> bytes:
    """Return JSON with two spaces of indentation, Chinese as it is, the order of keys kept."""
    return as_json_file(parse_json(content, path))


def _text(path: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(Text(f"{path} 不是 UTF-8 编码。", f"{path} is not UTF-8.")) from error
