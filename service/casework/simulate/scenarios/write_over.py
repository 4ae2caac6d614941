"""Another value written over one of a YAML document: what says the same stays as it is written, repeated pieces too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, merge_attrib

from service.casework.simulate.scenarios.scenario_text import flow
from service.catalog.source.format_yaml import load_yaml


def written_over(node: Any, value: Any) -> Any:
    """Return ``node`` of a document so changed that it says ``value``; a piece that is repeated elsewhere is not changed."""
    if flow(node) == flow(value):
        return node
    if (
        not isinstance(node, CommentedMap)
        or not isinstance(value, Mapping)
        or getattr(node, merge_attrib, None)
        or node.anchor.value
    ):
        return load_yaml(flow(value) + "\n")
    for key in [key for key in node if key not in value]:
        del node[key]
    for key, held in value.items():
        node[key] = written_over(node[key], held) if key in node else load_yaml(flow(held) + "\n")
    return node
