"""Every route as everybody: who is let in, what nobody reads of another, and what no browser sends, answered with a sentence."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.wrappers import Response

import handlers
import service.web
from service.casework.access.actions import Who
from service.casework.access.actor import DESIGNER, SYSTEM, Actor, acting
from service.casework.access.guards import GUARDS, Guard
from service.casework.access.permissions import KINDS
from service.casework.assemble import desk_over
from service.casework.definitions.deploy import deploy_package
from service.casework.desk.clock import VirtualClock
from service.casework.interventions.batch import Selection, start_batch
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.tasks.save_draft import save_draft
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.tree import read_sources
from service.sdk import operations
from service.store import Store
from service.store.models import ExpertRow, MembershipRow, PersonRow, metadata
from service.web.api.openapi import build_openapi_document
from service.web.frame.requests.current import VISITOR
from service.web.frame.requests.guarding import OPEN_ENDPOINTS
from service.web.frame.requests.request_checks import LONGEST, LONGEST_FILE
from tests.support.ballots import make_hall, paper
from tests.support.bare_requests import FORM, JSON, BareRequests
from tests.support.browsers import Browser, make_app
from tests.support.desks import START, make_bench
from tests.support.lakeside import KEY, MINIATURE, amended_package
from tests.support.records import hold_seat

OWN = "applicant"
PERSONAL = {
    "contact": "欧阳见微", "telephone": "13907170001", "mail": "ouyang.private@example.cn", "draft": "司马未交",
    "organisation": "隐名制造公司", "expert": "13907170003", "employer": "隐名研究院",
}  # fmt: skip
"""What stands in the town about people and about what is not public yet; each once, so that whoever reads it was shown it."""
SHOWN_BY = {
    "telephone": ["people.view"], "mail": ["people.view"], "expert": ["people.view"], "employer": ["experts.view"],
    "organisation": ["monitor.view", "people.view"],
}  # fmt: skip
"""Which rights show it to others than the applicant whose it is; the contact of a form and a draft none."""
SEATS = {kind.key: kind.typical.seats[0] for kind in KINDS if kind.typical.seats}
ROLES = ("visitor", "nobody", "far", "stranger", *SEATS)
ELSEWHERE = ("office", "designer", "administrator", "supervisor", "expert")
"""What one person, ``far``, holds in another city: every role that opens much."""

PLACED = {"jurisdiction", "case_id", "task_id", "round_id"}
OPEN_BEYOND = ("case.start", "register.import")
"""What shows whoever may do it somewhere an empty form of every city."""
KNOWN = {
    "jurisdiction": "testville",
    "award": "prize",
    "process": "application",
    "action": "withdraw",
    "upload_id": "none",
    "kind": "suspend",
    "section": "place",
    "clause": "LS-1",
    "parameter": "min_years",
}
NUMBERS = (str(2**63 - 1), str(2**63), "9" * 5000, "-1")
TEXTS = (
    "x", "%00", "%ED%A0%80", "..%2f..%2fetc", quote("<script>"), quote("' or 1=1 --"), quote("甲" * 300), "%0d%0aSet-Cookie:a=b",
    "*", "a_b", quote("²"), "1e999", "_9", "0001-01-01T00:00:00_5", "9999-12-31T23:59:59_" + "9" * 19, "2026-06-05_1",
)  # fmt: skip
FIELDS = ("\0", "9" * 30, "9" * 5000, "²", "\r\nLocation: /x", "[[]]", "{}", "1e400", "0001-01-01", "甲" * 5000)
BODIES = (
    b"[" * 100_000, b'{"a":' * 100_000, b"{" + b'"a":{' * 500 + b"}" * 501, b'{"login": "\\ud800", "password": "x"}',
    b'{"login": "\\u0000", "password": "x"}', b"NaN", b"\xff\xfe", b"", b"{}", b"[]", b"null", b'"x"', b"1e9999",
    b'{"version": 1e400}', b'{"version": 99999999999999999999999}', b'{"version": -1, "values": {"\\ud800": 1}}',
    b'{"values": {"contact": {"contact": []}}}', b'{"reason": ["x"], "values": [], "version": true}',
)  # fmt: skip
WORDS = "请按办法第八条的规定办理此事"
WRONG = json.dumps({"nobody reads this": True}).encode()
CHANGING = ("people.manage", "rights.change", "rights.decide", "session.end", "password.change", "second_factor.keep")
"""What changes who the browser is, where it takes effect."""
OF_REQUESTS = {"act", "act_head", "attempt", "session", "incident", "work_item", "heartbeat", "wrong_password", "mail"}
"""Tables that every request may write: the book, its pace, its session, what it tells and looks for."""
OTHER_KINDS = ("text/plain", "text/xml", "application/x-www-form-urlencoded", "application/jsonp")
SENTENCE = re.compile("[\u4e00-\u9fff，。：]{4}")
"""What a refusal says is Chinese where nobody chose another language."""
SHUT_OFF = {
    "X-Content-Type-Options": ["nosniff"],
    "Cross-Origin-Opener-Policy": ["same-origin"],
    "Cross-Origin-Resource-Policy": ["same-origin"],
    "Cross-Origin-Embedder-Policy": ["require-corp"],
}
"""What keeps the pages of others apart from ours, once in every answer."""
SCRIPTS = re.compile(
    r"^default-src 'none'; script-src 'self'; (?!.*script-src).*base-uri 'none'.*frame-ancestors 'none'"
)


def build_town(folder: Path) -> dict[str, int]:
    """Fill ``folder`` with a town in which everything is under way once; returns its people by role, and the open task."""
    handlers.load()
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", durable=False)
    bench = make_bench(store)
    now, office = bench.clock.now(), bench.office.seats[0]
    people = {OWN: bench.people["applicant"], "stranger": bench.people["stranger"]}
    with store.write() as tx:
        tx.people.change(people["stranger"], login="rival")
        tx.people.change(people[OWN], telephone=PERSONAL["telephone"], email=PERSONAL["mail"])
        for name in ("expert", *(role for role in ROLES if role not in people)):
            phone = PERSONAL["expert"] if name == "expert" else None
            row = PersonRow(login=f"the.{name}", name=f"the.{name}", telephone=phone, created_at=now)
            people[name] = tx.people.insert(row)
        hidden = tx.bodies.upsert(
            "*", "91650100MA77000003", kind="organisation", name=PERSONAL["organisation"], details={}
        )
        held = []
        for role, seat in SEATS.items():
            if role != OWN:
                own = seat.body_kind if seat.body_kind != "office" else ""
                body = (
                    tx.bodies.upsert("testville", f"the.{role}", kind=own, name=role, details={})
                    if own
                    else office.body_id
                )
                held.append((role, body, "testville", seat.role))
        held += [("far", office.body_id, "othertown", role) for role in ELSEWHERE]
        for name, body, place, role in (*held, (OWN, hidden, "*", "applicant")):
            tx.memberships.give(
                MembershipRow(person_id=people[name], body_id=body, jurisdiction=place, role=role, since=now)
            )
        owner, administrator = (acting(tx, people[name], now) for name in (OWN, "administrator"))
        tx.experts.insert(
            ExpertRow(
                jurisdiction="testville", person_id=people["expert"], employer=PERSONAL["employer"], education="master",
                practising_since=date(2000, 1, 1), term_from=date(2026, 1, 1), created_at=now, changed_at=now,
            )
        )  # fmt: skip
    posted = bench.started()
    for actor, form in (
        (bench.applicant, {"founded_on": "2010-05-01", "contact": PERSONAL["contact"]}),
        (bench.office, {"decision": "pass"}),
    ):
        bench.complete(posted, actor, form)
    unknown = replace(owner, seats=tuple(seat for seat in owner.seats if seat.body_id == hidden))
    (task,) = bench.tasks(bench.started(unknown))
    save_draft(bench.desk, unknown, task.id, {"contact": PERSONAL["draft"]})
    hall = make_hall(store, folder / "keys")
    hall.cast(hall.open()[1], 1, paper("yyn"))
    start_batch(bench.desk, administrator, Selection("suspend", [posted], WORDS, {}, dry=True))
    deploy_package(bench.desk, SYSTEM, amended_package({}), sources=read_sources(MINIATURE))
    with store.write() as tx:
        hold_seat(tx, people["designer"], office.body_id, KEY.partition("/")[0], DESIGNER, now)
        designer = acting(tx, people["designer"], now)
    open_draft(bench.desk, designer, KEY, "草稿")
    store.close()
    return {**people, "task": task.id}


@dataclass
class Town:
    """A copy of the town, with the pages over it."""

    desk: Any
    people: dict[str, int]
    app: Flask

    def requests(self, role: str) -> BareRequests:
        return BareRequests(Browser(self.app, self, None if role == "visitor" else role))  # type: ignore[arg-type]

    def actor(self, role: str) -> Actor:
        if role == "visitor":
            return VISITOR
        with self.desk.store.read() as tx:
            return acting(tx, self.people[role], self.desk.clock.now())

    def routes(self) -> Iterator[tuple[str, str, Guard]]:
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if rule.endpoint not in OPEN_ENDPOINTS:
                chosen = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield method, chosen, self.app.view_functions[rule.endpoint].guard

    def files(self) -> Iterator[tuple[str, str, Guard]]:
        """Yield what a page hands out where its address asks for a format, with the guard of that."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            for form, guard in getattr(self.app.view_functions[rule.endpoint], "file_guards", {}).items():
                yield "GET", f"{rule.rule}?format={form}", guard

    def rows(self) -> dict[str, Counter[str]]:
        """Return what stands in the database but for what every request may write."""
        with self.desk.store._engine.connect() as line:
            tables = [table for name, table in metadata.tables.items() if name not in OF_REQUESTS]
            return {table.name: Counter(map(repr, line.execute(sa.select(table)))) for table in tables}


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_template, folder / "laurel.db")
    return folder, build_town(folder)


@pytest.fixture
def town(built: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Town]:
    shutil.copytree(built[0], tmp_path / "town")
    store = Store(f"sqlite:///{tmp_path}/town/laurel.db", tmp_path / "town/files", durable=False)
    calendars = load_calendars(bundled_calendars())
    desk = desk_over(store, calendars, operations(), clock=VirtualClock(START), ballot_keys=tmp_path / "town/keys")
    found = Town(desk, dict(built[1]), None)  # type: ignore[arg-type]
    found.app = make_app(found)  # type: ignore[arg-type]
    yield found
    store.close()


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


def address(town: Town, rule: str, **changed: str) -> str:
    known = {**KNOWN, "task_id": str(town.people["task"]), **changed}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: known.get(m[1], "1"), rule)


def is_refused(answer: Response) -> bool:
    return answer.status_code in (401, 403) or "/sign-in" in answer.headers.get("Location", "")


def ending(answer: Response) -> str:
    """Return the end of what an answer says, for whoever reads why a test failed."""
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))[-600:]


def text_of(answer: Response) -> str:
    """Return what an answer says, a workbook or another archive unpacked."""
    if not answer.data.startswith(b"PK"):
        return answer.data.decode(errors="replace")
    with ZipFile(BytesIO(answer.data)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def faults_of(town: Town, role: str, rule: str, method: str, guard: Guard, answer: Response) -> Iterator[str]:
    """Yield what is wrong with the answer that somebody got at the address of a route."""
    actor, status, text = town.actor(role), answer.status_code, text_of(answer)
    placed = PLACED & {*re.findall(r"\w+", rule)} and not {Who.ANYBODY, Who.PERSON} & {*guard.who}
    # that a city is not theirs officers learn before anything of the fields; who applies acts in every city
    told = (403, 404) if role == "far" and rule.startswith("/api/") and method != "GET" else (403, 404, 422)
    if status >= 500:
        yield f"broke: {text[-600:]}"
    if rule.startswith("/api/") and status >= 400 and answer.mimetype != "application/problem+json":
        yield f"refuses as {answer.mimetype}"
    if not guard.admits(actor) and not is_refused(answer):
        yield "let in against its guard"
    if status == 401 and guard.admits(actor) and role != "visitor" and "/sign-in" not in rule:
        yield "turned away against its guard"
    if role in ("far", "stranger") and placed and guard.action not in OPEN_BEYOND and status not in told:
        yield "let in to what is of another city or organisation"
    for name, value in PERSONAL.items():
        if value in text and role != OWN and not any(GUARDS[right].admits(actor) for right in SHOWN_BY.get(name, ())):
            yield f"shows the {name}"
    if {name: answer.headers.getlist(name) for name in SHUT_OFF} != SHUT_OFF:
        yield "is not kept apart from other pages"
    if "<html" in text and not SCRIPTS.search(answer.headers["Content-Security-Policy"]):
        yield "may run scripts of others"
    kind, _, characters = answer.headers.get("Content-Type", "").partition(";")
    if (
        (kind.startswith("text/") or "xml" in kind)
        and "vnd" not in kind
        and characters.strip().lower() != "charset=utf-8"
    ):
        yield f"does not say its characters: {kind}"


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_whom_its_guard_admits_and_shows_nobody_what_is_anothers(town: Town, role: str) -> None:
    """Whoever belongs to no case of the town besides changes nothing in it, whatever they send to whatever address."""
    requests, actor, before = town.requests(role), town.actor(role), town.rows()
    outside, faults = role in ("visitor", "nobody", "far", "stranger"), []
    for number, (method, rule, guard) in enumerate([*town.routes(), *town.files()]):
        if rule.endswith(("/sign-out", "/session")) or (
            guard.action in CHANGING and guard.admits(actor) and method != "GET"
        ):
            continue
        form, kind = b"", FORM
        if rule.startswith("/api/"):
            form, kind = WRONG, JSON
        elif outside:
            field = ("1", WORDS, "2026-03-20")[number % 3]
            fields = {**dict.fromkeys(names_read_by_pages(), field), **KNOWN, "version": "1", "do": "save"}
            form = urlencode(fields).encode()
        path, _, query = address(town, rule).partition("?")
        answer = requests.send(method, path, query, b"" if method == "GET" else form, kind)
        faults += [
            f"{method} {rule} {answer.status_code}: {fault}"
            for fault in faults_of(town, role, rule, method, guard, answer)
        ]
    assert not faults, "\n".join(faults)
    assert (requests.send("GET", "/inbox").status_code == 200) == (role != "visitor"), "signed in to the end"
    if outside:
        after = town.rows()
        assert {name for name, rows in before.items() if rows - after[name]} == set()
        assert {name for name, rows in after.items() if rows - before[name]} <= {"person_setting"}


Request = tuple[str, str, bytes, str]
"""Path, query, body and its kind."""


def hostile_addresses(town: Town, method: str, rule: str) -> Iterator[Request]:
    """Yield the address with each of its places made hostile in turn."""
    for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule) if method == "GET" else ():
        for bad in NUMBERS if kind == "int" else TEXTS:
            yield address(town, rule, **{name: bad}), "", b"", FORM


def hostile_arguments(town: Town, method: str, rule: str) -> Iterator[Request]:
    """Yield every name that any page reads but the format of its file, another hostile value in each request."""
    values, names = (*NUMBERS, *TEXTS), [name for name in names_read_by_pages() if name != "format"]
    for start in range(0, len(values), 10) if method == "GET" else ():
        pairs = (f"{name}={values[(n + start) % len(values)]}" for n, name in enumerate(names))
        yield address(town, rule), "&".join(pairs), b"", FORM


def hostile_forms(town: Town, method: str, rule: str) -> Iterator[Request]:
    for start in range(0, len(FIELDS), 5) if method == "POST" and not rule.endswith(("/password", "/active")) else ():
        pairs = (f"{name}={FIELDS[(n + start) % len(FIELDS)]}" for n, name in enumerate(names_read_by_pages()))
        yield address(town, rule), "", "&".join(pairs).encode(), FORM


def hostile_bodies(town: Town, method: str, rule: str) -> Iterator[Request]:
    """Yield what is no JSON, and JSON beyond what is kept."""
    for body in (BODIES if rule.startswith("/api/") else BODIES[:2]) if method != "GET" else ():
        yield address(town, rule), "", body, JSON


def takes_body(method: str, rule: str) -> bool:
    """Return whether a body is read; what an operation that takes none is sent, it does not look at."""
    operations = build_openapi_document()["paths"].get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule), {})
    return method in ("POST", "PUT") and "requestBody" in operations.get(method.lower(), {"requestBody": {}})


def other_kinds(town: Town, method: str, rule: str) -> Iterator[Request]:
    if takes_body(method, rule) and rule.startswith("/api/"):
        yield address(town, rule), "", b'{"reason": "x"}', OTHER_KINDS[len(rule) % len(OTHER_KINDS)]


def long_texts(town: Town, method: str, rule: str) -> Iterator[Request]:
    if takes_body(method, rule):  # which reads no field
        words = b"a" * ((LONGEST_FILE if "/drafts/" in rule else LONGEST) + 1)
        api = rule.startswith("/api/")
        yield address(town, rule), "", b'{"any": "%b"}' % words if api else b"any=" + words, JSON if api else FORM


def without_mark(town: Town, method: str, rule: str) -> Iterator[Request]:
    if method != "GET":
        yield address(town, rule), "", b"", FORM


@pytest.mark.parametrize(
    ("hostile", "answers"),
    [
        (hostile_addresses, range(200, 500)),
        (hostile_arguments, range(200, 500)),
        (hostile_forms, range(200, 500)),
        (hostile_bodies, range(200, 500)),
        (other_kinds, range(300, 500)),
        (long_texts, range(400, 500)),
        (without_mark, range(400, 500)),
    ],
)
def test_what_no_browser_sends_is_answered_with_a_sentence(
    town: Town, hostile: Callable[[Town, str, str], Iterator[Request]], answers: Container[int]
) -> None:
    """Each route gets it from the first of those whom it lets in."""
    senders = {
        role: (town.requests(role), town.actor(role))
        for role in ("visitor", OWN, "office", "designer", "administrator")
    }
    faults, sent = [], 0
    for method, rule, guard in town.routes():
        requests = next((requests for requests, actor in senders.values() if guard.admits(actor)), None)
        if requests is None or rule.endswith(("/sign-out", "/session")) or "/sign-in" in rule:
            continue
        if hostile is without_mark:
            requests.mark = ""
        for path, query, body, kind in hostile(town, method, rule):
            answer, sent = requests.send(method, path, query, body, kind), sent + 1
            text = text_of(answer)
            if answer.status_code not in answers or (answer.status_code >= 400 and not SENTENCE.search(text)):
                faults.append(f"{method} {path[:100]} {query[:60]} {body[:40]!r}: {answer.status_code} {text[-300:]}")
    assert not faults, f"{len(faults)} of {sent}: " + "\n".join(faults[:20])
    assert sent > 50
    assert [role for role, (requests, _) in senders.items() if requests.send("GET", "/inbox").status_code != 200] == [
        "visitor"
    ]


def test_a_request_tells_what_is_wrong_and_what_to_do(town: Town) -> None:
    office = town.requests("office")
    for path in ("/inbox?before=abc", "/inbox?before=" + "9" * 40, "/tasks?after=yesterday_1", "/register?before=2026-13-45_1",
                 "/cases?before=-7", "/portal?before=x_1"):  # fmt: skip
        answer = office.send("GET", *path.split("?"))
        assert (answer.status_code, "第一页" in text_of(answer)) == (422, True), path
    sent = office.send("POST", "/account/profile", body=b"email=" + b"a" * (LONGEST + 1))
    told = f"超过 {LONGEST} 个" in text_of(sent) and "作为附件上传" in text_of(sent)
    assert (sent.status_code, told) == (422, True)
    away = office.send("GET", "/language", "to=en&next=/portal%0d%0aSet-Cookie:%20a=b")
    assert (away.status_code, away.headers["Location"], "a=b" in str(away.headers)) == (302, "/", False)
