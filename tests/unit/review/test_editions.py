"""Score sheets made from editions: whatever the rubric, the form is one the server can check."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from service.catalog.scoring.scoring import EditionMistake, edition_of, load_edition, read_edition, score_schema
from service.domain.forms import compile_form
from service.domain.review import check_sheet, read_sheet

EDITIONS = sorted((Path(__file__).parents[3] / "processes" / "scoring").glob("*.yaml"))
OWN = """
edition: 本县评审细则
bands: [0, 60, 80, 100]
reasons: false
total_points: 100
categories:
- {id: A, name: 质量, points: 60, items: [{id: A1, name: 产品, points: 40}, {id: A-2, name: 服务, points: 20}]}
- {id: B, name: 效益, points: 40, items: [{id: B1, name: 纳税, points: 40}]}
"""
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["score", "consensus"])
def test_a_bundled_edition_makes_a_form_that_sums_up(path: Path, kind: str) -> None:
    edition = read_edition(path.read_bytes(), path.name, path.stem)
    form = compile_form(score_schema(f"{kind}/{path.stem}", edition))
    filled = {
        name: {"percent": "100"} for name in (f.path.split(".")[0] for f in form.fields() if f.path.endswith("percent"))
    }
    assert form.check(filled, today=TODAY, stored={}).values["total"] == edition.points


def test_a_rubric_of_ones_own_needs_no_standard_and_no_reasons() -> None:
    edition = read_edition(OWN.encode(), "own.yaml", "own")
    form = compile_form(score_schema("score/own", edition))
    values = form.check({"i_A1": {"percent": "80"}, "i_A_2": {"percent": "60"}}, today=TODAY, stored={}).values
    assert (values["sum_i_A"], values["total"]) == (44, 44)
    sheet = read_sheet(edition, {"i_A1": {"percent": "80"}, "i_A_2": {"percent": "70"}, "i_B1": {"percent": "60"}})
    assert [(e.item, "0、60、80、100" in e.text.zh) for e in check_sheet(sheet, complete=True)] == [("A-2", True)]


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("points: 20}", "points: 30}", "60"),
        ("id: B1", "id: A1", "重复"),
        ("[0, 60", "[90, 60", "bands"),
        ("items: [{id: B1, name: 纳税, points: 40}]", "other: 1", "格式"),
    ],
)  # fmt: skip
def test_an_edition_that_does_not_add_up_is_refused_in_words(wrong: str, right: str, said: str) -> None:
    with pytest.raises(EditionMistake) as refused:
        read_edition(OWN.replace(wrong, right).encode(), "own.yaml", "own")
    assert said in refused.value.message.zh


def test_only_score_sheets_name_an_edition() -> None:
    assert [edition_of(f) for f in ("score/a", "consensus/b", "application")] == ["a", "b", None]


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("total", [100, 500, 777])
def test_an_edition_is_read_on_the_total_a_city_sets(path: Path, total: int) -> None:
    edition = load_edition(path.read_bytes(), path.name, f"{path.stem}@{total}")
    form = compile_form(score_schema(f"score/{path.stem}@{total}", edition))
    half = {name: {"percent": "50"} for name in (f.path.split(".")[0] for f in form.fields() if "percent" in f.path)}
    kept = form.check(half, today=TODAY, stored={}).values
    assert (edition.id, edition.points) == (f"{path.stem}@{total}", total)
    assert Fraction(str(kept["total"])) == read_sheet(edition, kept).total == Fraction(total, 2)


@pytest.mark.parametrize("total", ["0", "ten", ""])
def test_a_total_that_is_no_number_is_refused_in_words(total: str) -> None:
    with pytest.raises(EditionMistake) as refused:
        load_edition(OWN.encode(), "own.yaml", f"own@{total}")
    assert "总分" in refused.value.message.zh


@pytest.mark.parametrize("content", [b"[1, 2]", b"text", b"7"])
def test_an_edition_that_is_no_mapping_is_refused(content: bytes) -> None:
    with pytest.raises(EditionMistake):
        read_edition(content, "own.yaml", "own")
