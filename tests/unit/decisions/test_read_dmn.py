"""Models read from DMN XML."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.domain.decisions import DecisionModelError, read_dmn
from service.domain.feel import BUILTINS, FeelSyntaxError, Function
from tests.unit.decisions.tables import model_of

_PRIZES = model_of(
    """
    <inputData id="i" name="score"><variable name="score" typeRef="number"/></inputData>
    <businessKnowledgeModel id="k" name="bonus">
      <encapsulatedLogic>
        <formalParameter name="points" typeRef="number"/>
        <literalExpression><text>points * rate()</text></literalExpression>
      </encapsulatedLogic>
    </businessKnowledgeModel>
    <decision id="t" name="total"><variable name="total" typeRef="number"/>
      <informationRequirement><requiredInput href="#i"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
      <literalExpression><text>score + bonus(score)</text></literalExpression>
    </decision>
    <decision id="p" name="prize">
      <informationRequirement><requiredDecision href="#t"/></informationRequirement>
      <context>
        <contextEntry><variable name="high"/><literalExpression><text>total > 100</text></literalExpression></contextEntry>
        <contextEntry><literalExpression><text>if high then "一等" else "二等"</text></literalExpression></contextEntry>
      </context>
    </decision>
    <decision id="b" name="broken"><literalExpression><text>1 +</text></literalExpression></decision>
    """
)
_FUNCTIONS = BUILTINS.extended([Function("rate", (), lambda rate: rate)])


def test_given_required_decisions_and_knowledge_when_evaluated_then_they_are_found_by_need():
    model = read_dmn(_PRIZES, functions=_FUNCTIONS)

    assert model.evaluate("total", {"score": 100}, Decimal("0.1")) == 110
    assert model.evaluate("prize", {"score": 100}, Decimal("0.1")) == "一等"
    assert model.evaluate("prize", {"score": "many"}, Decimal("0.1")) == "二等"


def test_given_a_text_that_is_no_feel_when_read_then_only_its_decision_fails():
    model = read_dmn(_PRIZES, functions=_FUNCTIONS)

    assert model.decisions["prize"].table is None
    with pytest.raises(FeelSyntaxError):
        model.evaluate("broken", {})


def test_given_an_unknown_decision_when_evaluated_then_it_is_named():
    with pytest.raises(DecisionModelError, match="nothing"):
        read_dmn(_PRIZES).evaluate("nothing", {})


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"<definitions", "XML"),
        (b"<html/>", "definitions"),
        (b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>', "DOCTYPE"),
        (model_of('<decision id="d" name="d"><decisionTable hitPolicy="BEST"/></decision>'), "BEST"),
        (
            model_of(
                '<decision id="a" name="a"><informationRequirement><requiredDecision href="#a"/></informationRequirement>'
                "</decision>"
            ),
            "循环",
        ),
        (b" " * 5_000_001, "5 MB"),
        (b"<definitions>" + b"<a>" * 300 + b"</a>" * 300 + b"</definitions>", "第 1 行：元素嵌套超过 60 层"),
    ],
)
def test_given_what_is_no_usable_model_when_read_then_it_is_refused_with_the_reason(xml: bytes, words: str):
    with pytest.raises(DecisionModelError, match=words):
        read_dmn(xml)


# Boxed expressions as the standard's kit has them where the part of it that lies here does not.

HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" id="m" namespace="urn:m">'
    '<decision name="d" id="d"><variable name="d"/>'
)


def part(tag: str, text: str) -> str:
    return f"<{tag}><literalExpression><text>{text}</text></literalExpression></{tag}>"


def decided(boxed: str) -> object:
    return read_dmn(f"{HEAD}{boxed}</decision></definitions>".encode(), functions=BUILTINS).evaluate("d", {})


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"abc"', None), ("1", None)]
)
def test_a_boxed_if_asks_for_a_truth_value(condition: str, expected: object) -> None:
    parts = part("if", condition) + part("then", "1") + part("else", "2")
    assert decided(f"<conditional>{parts}</conditional>") == expected


@pytest.mark.parametrize(
    ("kind", "condition", "expected"),
    [
        ("some", "x = 2", True),
        ("some", "x = 3", False),
        ("some", 'if x = 2 then true else "no truth value"', None),
        ("every", "x &lt; 3", True),
        ("every", 'if x = 2 then false else "no truth value"', None),
    ],
)
def test_a_boxed_some_or_every_asks_for_truth_values(kind: str, condition: str, expected: object) -> None:
    parts = part("in", "[1, 2]") + part("satisfies", condition)
    assert decided(f'<{kind} iteratorVariable="x">{parts}</{kind}>') == expected
