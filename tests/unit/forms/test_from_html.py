"""Plain HTML posts, as browsers without JavaScript send them."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from service.domain.forms import Form, compile_form

from .conftest import TODAY

POST = [
    ("org.name", "某某"),
    ("org.credit_code", "91370100MA3ABCDE1X"),
    ("org.kind", "svc"),
    ("org.founded", "2001-05-06"),
    ("org.email", ""),
    ("org.phone", "13800000000"),
    ("org.applied_before", "no"),
    ("org.certs", "q"),
    ("org.certs", "e"),
    ("_count.finance", "2"),
    ("finance.0.year", "2024"),
    ("finance.0.revenue", "1000"),
    ("finance.0.profit", "100"),
    ("finance.1.year", "2025"),
    ("finance.1.revenue", "2000"),
    ("finance.1.profit", "100"),
    ("licence", "a1"),
    ("promise", "true"),
]


def test_a_posted_form_passes_the_check(form: Form) -> None:
    submission = form.from_html(MultiDict(POST), lambda ident: {"id": ident, "name": "x.pdf", "size": 3})
    assert submission["licence"] == [{"id": "a1", "name": "x.pdf", "size": 3}]
    result = form.check(submission, today=TODAY)
    assert result.errors == []
    assert result.values["org"]["certs"] == ["q", "e"]
    assert result.values["revenue_total"] == 3000
    assert not form.is_edit(MultiDict(POST))


def test_buttons_add_and_remove_rows_and_files(form: Form) -> None:
    added = MultiDict([*POST, ("_add", "finance")])
    assert form.is_edit(added)
    assert form.changes_rows(added)
    values = form.from_html(added)
    assert values["finance"][2] == {}
    assert form.added_row(values, added) == "finance.2"
    removed = form.from_html(MultiDict([*POST, ("_remove", "finance.0"), ("_remove", "licence.0")]))
    assert [row["year"] for row in removed["finance"]] == ["2025"]
    assert removed["licence"] == []


def test_browser_times_are_times_in_china() -> None:
    form = compile_form(
        {
            "id": "f",
            "components": [
                {"id": "a", "type": "datetime", "key": "a", "subtype": "datetime"},
                {
                    "id": "b",
                    "type": "datetime",
                    "key": "b",
                    "subtype": "datetime",
                    "timeSerializingFormat": "utc_normalized",
                },
                {"id": "c", "type": "datetime", "key": "c", "subtype": "time"},
            ],
        }
    )
    posted = MultiDict([("a", "2026/5/26 9:30"), ("b", "2026-05-26T09:30"), ("c", "9：30")])
    assert form.check(form.from_html(posted), today=TODAY).values == {
        "a": "2026-05-26T09:30+08:00",
        "b": "2026-05-26T01:30Z",
        "c": "09:30+08:00",
    }


def test_a_file_of_somebody_else_is_not_taken(form: Form) -> None:
    submission = form.from_html(MultiDict([("licence", "stolen")]), lambda _: None)
    found = {error.path: error.text.zh for error in form.check(submission, today=TODAY).errors}
    assert "附件信息不完整" in found["licence"]
