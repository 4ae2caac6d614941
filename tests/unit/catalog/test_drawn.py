"""A diagram may do without its drawing: what the layout makes is left out and comes back, what a hand made is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.catalog.layout.drawn import drawn, has_drawing, normalise_file, without_drawing
from service.catalog.source.formatting import for_editor, format_file
from service.catalog.source.xml import XmlMistake
from service.catalog.source.yaml import MOST_ENTRIES, YamlMistake

ROOT = Path(__file__).parents[3]
BARE = [
    path.relative_to(ROOT).as_posix()
    for path in sorted(ROOT.glob("processes/*/*/*.bpmn"))
    if not has_drawing(path.read_bytes())
]


def content_of(file: str) -> bytes:
    return (ROOT / file).read_bytes()


def moved(content: bytes) -> bytes:
    """Return a diagram with its first task somewhere else."""
    return re.sub(rb'(<dc:Bounds x=")\d+(" y="\d+" width="130")', rb"\g<1>7\g<2>", content, count=1)


@pytest.mark.parametrize("file", BARE[::9])
def test_a_drawing_left_out_comes_back_the_same_and_is_left_out_again(file: str) -> None:
    bare = content_of(file)
    whole = drawn(bare, file)
    assert has_drawing(whole)
    assert without_drawing(whole, file) == bare
    assert normalise_file(file, for_editor(whole, file), bare) == bare
    assert normalise_file(file, for_editor(whole, file), None) == bare


def test_a_drawing_made_by_hand_is_kept() -> None:
    file = BARE[0]
    bare = content_of(file)
    by_hand = moved(drawn(bare, file))
    assert by_hand != drawn(bare, file)
    assert normalise_file(file, by_hand, bare) == by_hand
    assert drawn(by_hand, file) == by_hand


def test_a_diagram_that_had_its_drawing_keeps_it() -> None:
    file = BARE[0]
    whole = drawn(content_of(file), file)
    renamed = whole.replace(b'isExecutable="true"', b'isExecutable="true" name2="x"').replace(b' name2="x"', b"")
    assert normalise_file(file, renamed, whole) == whole
    assert has_drawing(normalise_file(file, whole.replace(b"</bpmn:process>", b"<!--seen--></bpmn:process>"), whole))


def test_what_cannot_be_read_comes_back_as_it_is() -> None:
    assert drawn(b"<nothing/>", "x.bpmn") == b"<nothing/>"
    with pytest.raises(XmlMistake):
        normalise_file("x.bpmn", b"<nothing", None)


@pytest.mark.parametrize(
    "before",
    ['a: "甲\\"乙"\nb:   1\n', 'a: "\\u7532"\nb:   1\n', 'a: "甲\\\n  乙"\nb:   1\n', 'a: "甲\\_乙"\nb:   1\n'],
)
def test_what_says_the_same_in_other_words_comes_back_as_it_was(before: str) -> None:
    """Escapes of YAML stand for Chinese characters, part them or stand beside them."""
    path, held = "processes/lakeside/star_award/scenarios/x.yaml", before.encode()
    made = format_file(path, held)
    assert made != held
    assert normalise_file(path, made, held) == held
    other = made.replace("甲".encode(), "丙".encode()).replace(b"b: 1", b"b: 2")
    assert normalise_file(path, other, held) == format_file(path, other) != held


def test_a_file_of_more_entries_than_people_edit_is_not_taken() -> None:
    path = "processes/lakeside/star_award/award.yaml"
    many = "".join(f"key{number}: {{}}\n" for number in range(MOST_ENTRIES)).encode()
    with pytest.raises(YamlMistake, match=f"文件中有 {MOST_ENTRIES + 1} 个键和列表项，最多 {MOST_ENTRIES} 个"):
        normalise_file(path, many + b"one: more\n", None)
