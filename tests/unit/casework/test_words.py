"""Words of scenarios, letters and refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest

from service.casework.access.case_access import BALLOT, CONFIRM
from service.casework.access.lost_races import after_lost_races
from service.casework.simulate.expecting.expectations import replace_outdated_numbers
from service.casework.simulate.playing.play import PLAYED
from service.casework.simulate.scenarios.words import vote_letters, vote_words
from service.casework.step.submission import FormInvalid
from service.casework.tasks.own_page import require_form_task
from service.catalog.scenarios.scenario_words import VERBS
from service.domain.errors import Conflict, Invalid
from service.domain.forms import FieldError
from service.domain.text import Text
from service.store import Stale
from service.store.models import TaskRow


def test_every_verb_of_scenarios_is_played() -> None:
    """A word that the check takes and nothing plays would end a season in a stack trace."""
    assert {*PLAYED, "until", "expect"} == set(VERBS)


@pytest.mark.parametrize(
    ("letters", "zh", "en"),
    [
        ("yyyyyyynn", "同意 7、不同意 2", "7 in favour, 2 against"),
        (
            "yy.y-xs",
            "同意 2、不投 1、同意 1、弃权 1、缺席 1、废票 1",
            "2 in favour, 1 no mark, 1 in favour, 1 abstain, 1 absent, 1 spoiled",
        ),
    ],
)
def test_letters_are_told_in_the_order_of_the_roll_and_read_back(letters: str, zh: str, en: str) -> None:
    said = vote_words(letters)
    assert said is not None
    assert (said.zh, said.en) == (zh, en)
    assert {vote_letters(zh), vote_letters(en), vote_letters(letters)} == {letters}


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("7票同意，2票反对", "yyyyyyynn"),
        ("赞成7反对2", "yyyyyyynn"),
        ("5 in favour and 1 against", "yyyyyn"),
        ("同意", "y"),
        ("同意 2 回避", "yy."),
    ],
)
def test_what_people_write_is_read(typed: str, letters: str) -> None:
    assert vote_letters(typed) == letters


@pytest.mark.parametrize("typed", ["七个赞成", "abc", "7", "7 8 同意", "同意0"])
def test_what_is_no_vote_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid, match="同意 7、不同意 2"):
        vote_letters(typed)


def test_what_are_no_letters_of_a_vote_has_no_words() -> None:
    assert vote_words("$") is None


# Numbers that a letter says instead of those that a scenario expects.


@pytest.mark.parametrize(
    ("part", "text", "now"),
    [
        ("奖金200000元", "每个奖金300000元，2026年", "奖金300000元"),
        ("奖金200000元", "奖金200000元", "奖金200000元"),
        ("奖金20万元", "奖金1,000.5万元", "奖金1,000.5万元"),
        ("奖金20万元", "奖金30万元；奖金10万元", "奖金20万元"),
        ("同意3票", "反对2票", "同意3票"),
        ("不予受理", "予以受理", "不予受理"),
        ("（第2项）", "（第3项）", "（第3项）"),
    ],
)
def test_of_what_a_letter_says_a_number_alone_is_exchanged(part: str, text: str, now: str) -> None:
    """Where two places say it with different numbers, nobody knows which is meant."""
    assert replace_outdated_numbers(part, text) == now


# What is no form is not submitted as one, and the sentence says where it is done.


def _task(kind: str) -> TaskRow:
    common = {"case_id": 1, "engine_id": "e", "process_id": "p", "element": "e", "jurisdiction": "a", "role": "x"}
    when = datetime(2026, 3, 19, tzinfo=UTC)
    return TaskRow(id=1, title="表决", subject="甲", kind=kind, created_at=when, due_at=when, **common)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "where"), [(BALLOT, "从待办打开选票.*查看计票结果"), (CONFIRM, "填写最后一日后提交")])
def test_what_has_a_page_of_its_own_is_not_submitted_as_a_form(kind: str, where: str) -> None:
    with pytest.raises(Conflict, match=where):
        require_form_task(_task(kind))


# What a form says that breaks a rule.


def test_one_mistake_is_told_as_one() -> None:
    wrong = FieldError("name", Text("名称", "Name"), Text("必填", "required"))
    assert FormInvalid([wrong], {}).message.en == "1 entry needs correction; what you typed is kept."
    assert FormInvalid([wrong, wrong], {}).message.en == "2 entries need correction; what you typed is kept."


# A unit of work that lost a race is done again with all that it was given the first time.


def test_a_file_is_read_again_from_where_it_stood() -> None:
    file, read = BytesIO(b"name,scan"), []
    file.seek(5)

    def work() -> bytes:
        read.append(file.read())
        if len(read) == 1:
            raise Stale
        return read[-1]

    assert after_lost_races(work, [file]) == b"scan"
