"""Summing up what several departments said."""

from handlers.opinions import sum_up

ASKED = ["ecology", "emergency"]


def opinion(department: str, value: str | None) -> dict[str, str | None]:
    return {"department": department, "opinion": value}


def test_everybody_in_favour_passes() -> None:
    found = sum_up(ASKED, [opinion("ecology", "pass"), opinion("emergency", "pass")])
    assert found == {"passed": ASKED, "refused": [], "missing": [], "result": "passed"}


def test_silence_is_missing_and_never_a_pass() -> None:
    found = sum_up(ASKED, [opinion("ecology", "pass")])
    assert (found["result"], found["missing"]) == ("missing", ["emergency"])


def test_an_opinion_left_blank_counts_as_silence() -> None:
    assert sum_up(ASKED, [opinion("ecology", "pass"), opinion("emergency", None)])["missing"] == ["emergency"]


def test_a_refusal_shows_even_while_another_is_silent() -> None:
    found = sum_up(ASKED, [opinion("ecology", "fail")])
    assert (found["result"], found["refused"]) == ("missing", ["ecology"])


def test_one_refusal_among_complete_opinions_refuses() -> None:
    assert sum_up(ASKED, [opinion("ecology", "fail"), opinion("emergency", "pass")])["result"] == "refused"


def test_the_last_word_of_a_department_counts() -> None:
    given = [opinion("ecology", "fail"), opinion("ecology", "pass"), opinion("emergency", "pass")]
    assert sum_up(ASKED, given)["result"] == "passed"


def test_nobody_asked_passes() -> None:
    assert sum_up([], [])["result"] == "passed"


def test_who_was_not_asked_is_not_counted() -> None:
    assert sum_up(["ecology"], [opinion("ecology", "pass"), opinion("police", "fail")])["result"] == "passed"
