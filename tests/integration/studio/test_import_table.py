"""Decision tables of other tools brought in: told place by place what will not run, mended, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.pieces.import_table import inspect_table_import
from service.catalog.table_sheets.foreign_tables import mend_tables
from service.catalog.tables.tables import read_table
from service.domain.errors import LaurelError
from tests.support.lakeside import KEY, Lakeside

TCK = Path(__file__).parents[2] / "data" / "dmn-tck"
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(inside: str) -> bytes:
    return f'<definitions xmlns="{MODEL}" xmlns:camunda="http://camunda.org/schema/1.0/dmn">{inside}</definitions>'.encode()


def decision(name: str, inside: str = "", **table: str) -> str:
    said = " ".join(f'{key}="{value}"' for key, value in table.items())
    return (
        f'<decision id="{name}" name="{name}">{inside}<decisionTable id="t_{name}" {said}><input id="1" label="季节">'
        '<inputExpression id="e" typeRef="integer"><text>${season == \'x\'}</text></inputExpression></input>'
        '<output id="o" label="菜" name="the dish"><outputValues><text>"a","b"</text></outputValues></output>'
        '<rule id="1x"><inputEntry id="a"><text/></inputEntry><outputEntry id="b"><text>"a"</text></outputEntry>'
        '<annotationEntry><text>冬天</text></annotationEntry></rule><rule id="r2"><inputEntry id="c"><text>1</text></inputEntry></rule>'
        "</decisionTable></decision>"
    )


TWO = dmn(
    '<inputData id="i" name="season"/>'
    + decision("dish", '<informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>', hitPolicy="P")
    + decision("wine", hitPolicy="BEST")
    + '<decision id="lit" name="算式"><literalExpression><text>1</text></literalExpression></decision>'
)  # fmt: skip


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "导入")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("季节", '已改写为 season = "x"'), ("季节", "类型 integer 已改为 number"), ("菜", "已改为 the_dish"),
        ("第 1 行", "已重新编号"), ("第 2 行", "有 0 格，应有 1 格"), ("dish", "不互相调用"), ("season", "输入数据不会读取"),
        ("算式", "写的不是表，没有导入"),
    ],
)  # fmt: skip
def test_what_was_mended_is_told_by_place(place: str, words: str) -> None:
    told = [one.what.zh for one in mend_tables(TWO, "x.dmn", set())[0].done if one.name == place]
    assert any(words in what for what in told), told


def test_each_table_becomes_a_file_of_its_own() -> None:
    dish, wine = mend_tables(TWO, "x.dmn", {"dish"})
    assert (dish.ident, wine.ident) == ("dish_2", "wine")
    table = read_table(dish.content, "x")
    assert (table.hit_policy, table.inputs[0].expression, [row.inputs for row in table.rows]) == (
        "PRIORITY", 'season = "x"', [("-",), ("1",)],
    )  # fmt: skip
    assert [row.description for row in table.rows] == ["冬天", ""]
    assert b'"a","b"' in dish.content
    assert any("没有命中策略“BEST”" in one.what.zh for one in wine.done)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "XML"),
        (b"%PDF-1.7 \x00\xff", "XML"),
        (b'<!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>', "实体"),
        (b"<a>" + b" " * 5_100_000 + b"</a>", "5 MB"),
        (b"<html/>", "html"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"/></definitions>', "流程图"),
        (dmn('<decision id="x"><literalExpression><text>1</text></literalExpression></decision>'), "没有决策表"),
        (dmn("".join(decision(f"d{n}") for n in range(11))), "文件里有 11 张决策表，一次最多导入 10 张"),
    ],
)
def test_what_is_no_table_is_refused_in_words(town: Lakeside, draft: int, content: bytes, words: str) -> None:
    with pytest.raises(LaurelError) as refused:
        inspect_table_import(town.desk, town.designer, draft, content)
    assert words in refused.value.message.zh


def test_tables_of_the_standards_own_kit_are_taken_or_refused_in_words() -> None:
    taken: list[bool] = []
    refused: list[str] = []
    for sample in sorted(TCK.rglob("*.dmn")):
        try:
            taken += [
                bool(read_table(one.content, "x").outputs) for one in mend_tables(sample.read_bytes(), "x", set())
            ]
        except LaurelError as refusal:
            refused.append(refusal.message.zh)
    assert (all(taken), len(taken) > 30) == (True, True)
    assert [words for words in refused if "没有决策表" not in words] == []
