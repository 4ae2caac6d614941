"""How large a file of YAML may be that people edit."""

from __future__ import annotations

from service.catalog.source.yaml import YamlList, YamlMap, YamlMistake, YamlValue, parse_yaml
from service.domain.text import Text

MOST_ENTRIES = 10_000
"""Keys and items of a file, thrice those of the largest of a city: to keep a larger one in its form would hold everybody up."""


def demand_entries(content: bytes, file: str) -> None:
    """Raise YamlMistake where a file holds more keys and items than people edit, or cannot be read."""
    size = _entries(parse_yaml(content, file))
    if size > MOST_ENTRIES:
        raise YamlMistake(
            file,
            1,
            Text(
                f"文件中有 {size} 个键和列表项，最多 {MOST_ENTRIES} 个，没有保存。请分成几个文件。",
                f"The file has {size} keys and items, at most {MOST_ENTRIES} are taken; nothing was saved. Split it.",
            ),
        )


def _entries(value: YamlValue) -> int:
    if isinstance(value, YamlMap):
        return len(value.entries) + sum(map(_entries, value.entries.values()))
    return len(value.items) + sum(map(_entries, value.items)) if isinstance(value, YamlList) else 0
