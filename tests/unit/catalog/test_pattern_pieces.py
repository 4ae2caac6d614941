"""Forms made of patterns, piece by piece."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from service.catalog.patterns.patterns import PatternMistake, fill_form, fill_patterns
from service.catalog.pieces.pattern_pieces import is_pattern, made_of_patterns, patterns_offered, takers_of_pattern
from service.catalog.source.formatting import format_json
from service.catalog.source.json import as_json_file, parse_json
from service.catalog.tree import Files, read_sources

ROOT = Path(__file__).parents[3]


@cache
def sources() -> Files:
    return read_sources(ROOT)


def forms() -> list[str]:
    return [path for path in sources() if path.endswith(".json")]


def put(value: Any, place: str, piece: Any) -> Any:
    """Return ``value`` with the piece at ``place`` exchanged."""
    if not place:
        return piece
    *above, last = place.removeprefix("/").split("/")
    holder = value
    for key in above:
        holder = holder[int(key)] if isinstance(holder, list) else holder[key]
    if isinstance(holder, list):
        holder[int(last)] = piece
    else:
        holder[last] = piece
    return value


def test_pieces_put_in_by_hand_make_the_same_form() -> None:
    filled, tried = fill_patterns(sources())[0], 0
    for path in forms():
        if path.startswith("forms/shared/patterns/"):
            continue
        schema = parse_json(sources()[path], path)
        made = made_of_patterns(sources(), path, schema)
        outer = [place for place in made if not any(place.startswith(f"{other}/") for other in made)]
        if not made or any(isinstance(made[place], list) for place in outer):
            continue
        for place in outer:
            schema = put(schema, place, made[place])
        assert as_json_file(fill_form(sources(), path, schema)) == filled[path], path
        tried += 1
    assert tried > 60


def test_forms_lie_in_the_stable_format() -> None:
    assert [path for path in forms() if format_json(path, sources()[path]) != sources()[path]] == []


def test_patterns_name_their_slots_and_who_takes_them() -> None:
    offered = patterns_offered(sources())
    path = "forms/ganzhou/announcement.json"
    assert is_pattern(sources()[path], path)
    assert not is_pattern(b"{}", "x.json")
    assert path in takers_of_pattern(sources(), "announcement")
    assert set(parse_json(sources()[path], path)) - {"from_pattern"} <= set(offered["announcement"])


def test_a_pattern_that_cannot_be_filled_says_why() -> None:
    with pytest.raises(PatternMistake) as mistake:
        fill_form(sources(), "forms/ganzhou/x.json", {"from_pattern": "announcement", "no_such_slot": "x"})
    assert "no_such_slot" in mistake.value.message.zh
    with pytest.raises(PatternMistake):
        fill_form(sources(), "forms/ganzhou/x.json", {"from_pattern": "no_such_pattern"})
