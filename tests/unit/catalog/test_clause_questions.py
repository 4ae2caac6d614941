"""Questions of the assistants: what is called required is refused where it is left empty, and nothing else is."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_questions import QUESTIONS, read_answers
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.domain.errors import Invalid

_ANSWERS = {
    AnswerKind.NUMBER: "1",
    AnswerKind.PERIOD: "15日",
    AnswerKind.DAY: "04-01",
    AnswerKind.WORDS: "东县市场监管局",
    AnswerKind.ROLE: "office",
    AnswerKind.ELEMENT: "processes/lakeside/star_award/round.bpmn#vote",
}
ASKED = [
    (kind, question)
    for kind, asked in QUESTIONS.items()
    for question in asked
    if question.asked is not AnswerKind.PARTS
]


def answer(question: ClauseQuestion) -> str:
    return question.options[0][0] if question.options else _ANSWERS[question.asked]


@pytest.mark.parametrize(("kind", "question"), ASKED, ids=[f"{kind}-{question.id}" for kind, question in ASKED])
def test_what_is_left_empty_is_refused_where_it_is_called_required_and_nowhere_else(
    kind: AssistKind, question: ClauseQuestion
) -> None:
    others = {one.id: answer(one) for one in QUESTIONS[kind] if one.asked is not AnswerKind.PARTS}
    typed = {**others, question.id: ""}
    if question.demanded:
        with pytest.raises(Invalid, match=r"请回答|月-日"):
            read_answers(kind, typed)
    else:
        read_answers(kind, typed)
