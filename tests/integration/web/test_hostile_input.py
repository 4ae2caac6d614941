"""Nothing that a request can hold breaks the program: every route gets what no browser sends, and answers with a sentence."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from werkzeug.wrappers import Response

import service.web
from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.web.frame.requests.guarding import OPEN_ENDPOINTS
from tests.support.bare_requests import JSON, BareRequests
from tests.support.browsers import Browse
from tests.support.desks import PACKAGE, Bench
from tests.support.samples import is_sampled

WHO = (None, "applicant", "office", "admin")

NUMBERS = (str(2**63 - 1), str(2**63), "9" * 5000, "-1")
TEXTS = (
    "x", "%00", "%ED%A0%80", "..%2f..%2fetc", quote("<script>"), quote("' or 1=1 --"), quote("甲" * 300), "%0d%0aSet-Cookie:a=b",
    "*", "a_b", quote("²"), "1e999", "_9", "0001-01-01T00:00:00_5", "9999-12-31T23:59:59_" + "9" * 19, "2026-06-05_1",
)  # fmt: skip
KNOWN = {"jurisdiction": "testville", "award": "prize", "process": "application", "action": "withdraw"}


@cache
def names_read_by_pages() -> list[str]:
    """Return every name of an argument or field that the pages ask for, read from their source."""
    found: set[str] = set()
    for path in Path(service.web.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(
                    a.value
                    for a in node.args[:2]
                    if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value.isidentifier()
                )
    return sorted(name for name in found if name.isascii() and len(name) < 20)


@pytest.fixture
def season(bench: Bench) -> Bench:
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01", "contact": "张三丰"})
    return bench


def paths(rule: str) -> Iterator[str]:
    """Yield the address with each of its places made hostile in turn, and once as it should be."""
    places = re.findall(r"<(?:(\w+):)?(\w+)>", rule)
    good = {name: KNOWN.get(name, "1") for _, name in places}

    def filled(values: dict[str, str]) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values[m[1]], rule)

    yield filled(good)
    for kind, name in places:
        for bad in NUMBERS if kind == "int" else TEXTS:
            yield filled({**good, name: bad})


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS or rule.endpoint == "account.sign_out":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule


def told(answer: Response) -> str:
    """Return the end of what an answer says, for whoever reads why a test failed."""
    return answer.get_data(as_text=True)[-600:]


@pytest.mark.parametrize("who", WHO)
def test_no_address_breaks_the_program(season: Bench, app: Flask, browse: Browse, who: str | None) -> None:
    """Of the hostile addresses of a route each person sends a quarter, the four together every one (`make fuzz`: each all)."""
    requests = BareRequests(browse(who))
    for place, (method, rule) in enumerate(routes(app)):
        for number, path in enumerate(paths(rule) if method == "GET" else ()):
            if number and not is_sampled(place + number + WHO.index(who), 4):
                continue
            answer = requests.send(method, path)
            assert answer.status_code < 500, (method, path[:200], told(answer))
            if re.search(r"/(-1|9{19,})(/|$)", path):
                assert answer.status_code in (401, 403, 404, 405, 302), (path[:80], answer.status_code)


@pytest.mark.parametrize("who", WHO)
def test_no_argument_breaks_the_program(season: Bench, app: Flask, browse: Browse, who: str | None) -> None:
    """Every route gets every name that any page reads, another hostile value in each request.

    One person sends an eighth of the requests to a route, the four together half of them (`make fuzz`: each all).
    """
    requests, values = BareRequests(browse(who)), (*NUMBERS, *TEXTS)
    queries = {
        start: "&".join(f"{name}={values[(n + start) % len(values)]}" for n, name in enumerate(names_read_by_pages()))
        for start in range(0, len(values), 6)
    }
    for place, (method, rule) in enumerate(routes(app)):
        for number, (start, query) in enumerate(queries.items() if method == "GET" else ()):
            if is_sampled(place + number + WHO.index(who), 8):
                answer = requests.send(method, next(paths(rule)), query)
                assert answer.status_code < 500, (rule, start, told(answer))


def written(value: str) -> str:
    """Return a value as it stands in a form; letters beyond ASCII stay, since reading them back took most of the time."""
    return quote_plus(value) if value.isascii() else value


@pytest.mark.parametrize("who", WHO)
def test_no_form_breaks_the_program(season: Bench, app: Flask, browse: Browse, who: str | None) -> None:
    """Of the two ways to fill the fields of a route each person takes one (`make fuzz`: both)."""
    fields = ("\0", "9" * 30, "9" * 5000, "²", "\r\nLocation: /x", "[[]]", "{}", "1e400", "0001-01-01", "甲" * 5000)
    requests = BareRequests(browse(who))
    forms = {
        start: "&".join(
            f"{name}={written(fields[(n + start) % len(fields)])}" for n, name in enumerate(names_read_by_pages())
        ).encode()
        for start in range(0, len(fields), 5)
    }
    for place, (method, rule) in enumerate(routes(app)):
        if method != "POST" or rule.endswith(("/password", "/active")):
            continue
        for number, (start, form) in enumerate(forms.items()):
            if is_sampled(place + number + WHO.index(who), 2):
                answer = requests.send(method, next(paths(rule)), body=form)
                assert answer.status_code < 500, (rule, start, told(answer))


BODIES = (
        b"[" * 100_000, b'{"a":' * 100_000, b"{" + b'"a":{' * 500 + b"}" * 501, b'{"login": "\\ud800", "password": "x"}',
        b'{"login": "\\u0000", "password": "x"}', b"NaN", b"\xff\xfe", b"", b"{}", b"[]", b"null", b'"x"', b"1e9999",
        b'{"version": 1e400}', b'{"version": 99999999999999999999999}', b'{"version": -1, "values": {"\\ud800": 1}}',
        b'{"values": {"contact": {"contact": []}}}', b'{"reason": ["x"], "values": [], "version": true}',
    )  # fmt: skip


@pytest.mark.parametrize("who", [None, "applicant", "office"])
def test_no_json_breaks_the_program(season: Bench, app: Flask, browse: Browse, who: str | None) -> None:
    """Each body is sent to each operation by one of the three (`make fuzz`: by all), to what is no operation the first two."""
    requests = BareRequests(browse(who))
    for place, (method, rule) in enumerate(routes(app)):
        bodies = BODIES if rule.startswith("/api/") else BODIES[:2]
        for number, body in enumerate(bodies if method == "POST" else ()):
            if is_sampled(place + number + WHO.index(who), 3):
                answer = requests.send(method, next(paths(rule)), body=body, kind=JSON)
                assert answer.status_code < 500, (rule, body[:40], told(answer))


@pytest.mark.parametrize("path", ["/inbox?before=abc", "/inbox?before=" + "9" * 40, "/tasks?after=yesterday_1",
                                  "/register?before=2026-13-45_1", "/cases?before=-7", "/portal?before=x_1"])  # fmt: skip
def test_a_malformed_cursor_is_refused_with_a_sentence(season: Bench, browse: Browse, path: str) -> None:
    answer = browse("office").get(path)
    assert (answer.status_code, "第一页" in answer.text) == (422, True)


def test_a_line_break_in_the_place_to_go_on_to_leads_to_the_tasks(season: Bench, browse: Browse) -> None:
    answer = browse("office").get("/language?to=en&next=/portal%0d%0aSet-Cookie:%20a=b")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "a=b" not in str(answer.headers)
