"""Answers from elsewhere fill in what is blank, and nothing that somebody typed or the diagram says."""

from __future__ import annotations

from service.domain.forms.laid_over import laid_over


def test_only_blank_places_are_filled_in() -> None:
    first = {"name": "甲公司", "place": {"district": "", "address": "新址"}, "agreed": False, "staff": 0, "note": None}
    answers = {
        "name": "乙公司",
        "place": {"district": "east", "address": "旧址"},
        "agreed": True,
        "staff": 9,
        "note": "有",
        "more": "x",
    }
    assert laid_over(first, answers) == {
        "name": "甲公司",
        "place": {"district": "east", "address": "新址"},
        "agreed": True,
        "staff": 0,
        "note": "有",
        "more": "x",
    }
    assert first["place"] == {"district": "", "address": "新址"}, "what was there before is not changed"
