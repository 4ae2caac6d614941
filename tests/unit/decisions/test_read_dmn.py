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
