"""Names of files as people read them."""

from __future__ import annotations

from service.catalog.pieces.pattern_names import untitled
from service.catalog.pieces.piece_kinds import PieceKind, names_apart, plain_title, title_in


def test_files_that_are_called_alike_say_which() -> None:
    files = [
        ("processes/a/award/review.bpmn", PieceKind.DIAGRAM, "专家评审"),
        ("processes/a/award/expert_review.bpmn", PieceKind.DIAGRAM, "专家评审"),
        ("processes/shared/expert_review.bpmn", PieceKind.DIAGRAM, "专家评审"),
        ("forms/a/review.json", PieceKind.FORM, "专家评审"),
    ]
    assert list(names_apart(files).values()) == [
        "专家评审（本地 1）",
        "专家评审（本地 2）",
        "专家评审（各地通用）",
        "专家评审",
    ]


def test_a_title_of_formulas_alone_is_no_name() -> None:
    assert plain_title("{posted.title}") == ""
    assert plain_title("{signature}关于撤销{subject.name}的决定") == "……关于撤销……的决定"


def test_a_scenario_is_called_by_its_title() -> None:
    path = "processes/a/award/scenarios/jia.yaml"
    assert title_in("title: 甲获奖，乙落选\nstart: 2026-03-02\n".encode(), path) == "甲获奖，乙落选"
    assert title_in(b"start: 2026-03-02\n", path) == "jia"


def test_patterns_of_one_field_are_called_by_what_is_asked() -> None:
    """Where a place makes nothing of them their file's name, one word of English, stood in the list."""
    names = {stem: untitled(f"forms/shared/patterns/{stem}.json") for stem in ("finding", "scale")}
    assert names == {"finding": "符合、不符合或者待查", "scale": "组织规模"}
