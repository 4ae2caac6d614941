"""The lists of words: typed, without leftovers, and about parameters that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import handlers
from service.catalog.parameters.vocabulary import read_vocabulary
from service.catalog.pieces.piece_kinds import pattern_name
from service.catalog.scoring.scoring import EditionMistake, read_edition
from service.catalog.tree import get_file_stem
from service.catalog.wording import word_lists
from service.catalog.wording.word_lists import choice_words, load_setting_chapters, parameter_name, parameter_words
from service.domain.errors import Invalid
from service.sdk import operations
from tests.support.bundled import bundled
from tests.support.tables import rows

PROJECT = Path(__file__).parents[3]
_READ = re.compile(r'\bparam\.(\w+)|get value\(param, (?:"|&quot;)(\w+)')


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Ids and names in the vocabulary of every parameter of the cities."""
    parameters = [p for c in bundled().packages.values() for p in c.award.parameters.values()]
    return {p.id for p in parameters} | {p.key for p in parameters}


def test_a_parameter_stands_in_one_chapter_and_is_one_there_is(known: set[str]) -> None:
    listed = [key for _, keys in load_setting_chapters().values() for key in keys]
    assert len(listed) == len(set(listed))
    assert len(set(listed) & known) > 200


@pytest.mark.parametrize(
    "spoiled",
    ["anywhere: {accept: 受理}\n", "anywhere: {accept: [受理]}\nin_place: {}\n", "anywhere: {accept: ''}\nin_place: {}\n",
     "anywhere: {accept: 受理}\nin_place: {}\nelsewhere: {}\n"],
)  # fmt: skip
def test_a_spoiled_list_is_refused(spoiled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "choices.yaml").write_text(spoiled, "utf-8")
    monkeypatch.setattr(word_lists, "_FOLDER", tmp_path)
    with pytest.raises(Invalid):
        choice_words.__wrapped__()


def test_every_parameter_of_an_operation_has_a_chinese_and_an_english_name() -> None:
    handlers.load()
    ours = [found for name, found in operations().items() if not name.startswith("test.")]
    known = [(found.id, one.name) for found in ours for one in found.parameters]
    for ident, name in known:
        called = parameter_name(ident, name)
        assert re.search(r"[\u4e00-\u9fff]", called.zh), (ident, name)
        assert called.en != called.zh, (ident, name)
    said = {*(name for _, name in known), *("/".join(place) for place in known)}
    assert parameter_words().keys() <= said, "words for parameters that no operation has"


def test_the_vocabulary_names_what_the_shared_diagrams_read() -> None:
    """A place that calls one writes the value alone; limits that are named after a task need no name until one is set."""
    diagrams = [path.read_text("utf-8") for path in (PROJECT / "processes" / "shared").glob("*.bpmn")]
    tasks = {ident for text in diagrams for ident in re.findall(r'<bpmn:userTask id="(\w+)"', text)}
    limits = {f"{ident}_{unit}" for ident in tasks for unit in ("working_days", "calendar_days")}
    found = {name for text in diagrams for pair in _READ.findall(text) for name in pair if name}
    files = {
        path.relative_to(PROJECT).as_posix(): path.read_bytes()
        for path in (PROJECT / "processes" / "shared" / "parameters").iterdir()
    }
    assert found - limits - read_vocabulary(files, files, lambda _: None).keys() == set()


def test_every_shared_pattern_has_a_name() -> None:
    files = bundled().tree
    patterns = [path for path in files if "/shared/patterns/" in path]
    assert len(patterns) > 60
    assert [path for path in patterns if pattern_name(files, path) == get_file_stem(path)] == []


SCORING = Path(__file__).parents[3] / "processes" / "scoring"
HEAD = """edition: 试
bands: [0, 50, 100]
categories:
  - {id: "1", name: 甲, type: process, items: [{id: "1.1", name: 领导, points: 60}, {id: "1.2", name: 战略, points: 40}]}
"""


def test_each_item_and_each_percentage_of_the_bundled_editions_is_explained_in_both_languages() -> None:
    for file in sorted(SCORING.glob("*.yaml")):
        edition = read_edition(file.read_bytes(), file.name, file.stem)
        assert edition.asks.keys() == edition.items.keys(), file.name
        for said in (*edition.asks.values(), *(text for band in edition.band_words for text in band.said.values())):
            assert said.zh != said.en
            assert said.en.isascii()
    edition = read_edition((SCORING / "gbt19580-2012.yaml").read_bytes(), "x", "x")
    assert [(band.first, band.last) for band in edition.band_words][-1] == (90, 100)
    assert all(band.said.keys() == {"process", "results"} for band in edition.band_words)


@pytest.mark.parametrize(("words", "told"), rows("clauses", "scoring"))
def test_words_that_fit_nothing_are_refused(words: str, told: str) -> None:
    with pytest.raises(EditionMistake) as refused:
        read_edition(f"{HEAD}{words}\n".encode(), "x.yaml", "x")
    assert told in refused.value.message.zh
