"""The names of settings that forms read: ``param`` for conditions and options, ``setting`` in words beside a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from service.catalog import Package
from service.catalog.parameters.value_words import value_words


def form_settings(package: Package, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outside names of every form: ``param``, and ``setting`` and ``setting_en`` with a sentence for each.

    ``values`` are the case's frozen parameters.
    """
    key = package.version, orjson.dumps(values, default=str)
    said = _SAID.get(key)
    if said is None:
        if len(_SAID) >= _MOST_SAID:
            _SAID.clear()
        said = _SAID[key] = _sentences(package, values)
    return {"param": dict(values), **said}


def _sentences(package: Package, values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    known = [(p, values[name]) for name, p in package.award.parameters.items() if name in values]
    words = [(p, value_words(p, value)) for p, value in known]
    return {
        "setting": {p.id: f"本地规定：{p.name}——{said.zh}" for p, said in words},
        "setting_en": {p.id: f"Rule here: {p.name_en} – {said.en}" for p, said in words},
    }


_MOST_SAID = 40
_SAID: dict[tuple[str, bytes], dict[str, dict[str, str]]] = {}
"""The sentences of the rounds under way: their settings are frozen, and every form of theirs reads them."""
