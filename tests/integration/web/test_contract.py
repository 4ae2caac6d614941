"""The interface for programs answers as its document says, to whoever asks, for values that exist and for wrong ones.

The ordinary run tries another part of the operations for every commit; `make fuzz` all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from service.web.api.openapi import document
from service.web.frame.requests.current import DESK
from tests.support.contract import METHODS, PROBLEM, Attempt, described
from tests.support.contract_values import LAST, PEOPLE, Heads, headers_of_people, values
from tests.support.demonstration import demonstration
from tests.support.samples import LONG, sample

_PLACE = re.compile(r"{(\w+)}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("contract"))
    yield app
    app.extensions[DESK].store.close()


@pytest.fixture(scope="module")
def heads(demo: Flask) -> Heads:
    """The headers by which each person asks."""
    return headers_of_people(demo.extensions[DESK])


def test_every_answer_is_as_described(demo: Flask, heads: Heads) -> None:
    """As everybody what is right; what is wrong as the first who is let in (`make fuzz`: as everybody)."""
    client, wrong = demo.test_client(use_cookies=False), []
    chosen = [one for one in sample(described(document(), {}), 48) if one.path not in LAST]
    known = values(client, heads, chosen)
    for one in sorted(described(document(), known), key=lambda d: METHODS.index(d.method)):
        if not any((one.path, one.method) == (c.path, c.method) for c in chosen):
            continue
        tried = False
        for login in PEOPLE:
            may, let_in = bool(login) or one.open_to_all, False
            for attempt in one.good():
                answer = attempt.send(client, heads[login])
                let_in |= answer.status_code not in (401, 403)
                wrong += [f"{login} {one.method} {attempt.address}: {f}" for f in one.faults(answer, attempt, may=may)]
            if not let_in or (tried and not LONG):
                continue
            tried = True
            for attempt in one.bad():
                answer = attempt.send(client, heads[login])
                wrong += [f"{login} {one.method} {attempt.address}: {f}" for f in one.faults(answer, attempt, may=may)]
    assert wrong == []


def test_a_refusal_of_what_is_as_described_is_a_fault(demo: Flask, heads: Heads) -> None:
    """Otherwise a reader that refuses everything would pass as one that answers with a problem."""
    client = demo.test_client(use_cookies=False)
    every = {(one.method, one.path): one for one in described(document(), {})}
    for method, path, body in (("POST", "/api/v1/drafts", {}), ("GET", "/api/v1/cases?live=x", None)):
        one = every[method, path.partition("?")[0]]
        answer = Attempt(method, path, body).send(client, heads["admin"])
        assert answer.status_code == 422
        assert list(one.faults(answer, Attempt(method, path, body, "wrong"), may=True)) == []
        [fault] = one.faults(answer, Attempt(method, path, body), may=True)
        assert fault.startswith("422, though as described: The ")


def test_what_is_not_served_says_what_is(demo: Flask, heads: Heads) -> None:
    """Methods without an operation are refused with those that have one, over every address."""
    client = demo.test_client(use_cookies=False)
    paths = document()["paths"]
    for path in sample(list(paths), 8):
        address = _PLACE.sub("1", path)
        served = {method.upper() for method in paths[path]}
        for method in (*(set(METHODS) - served), "TRACE"):
            answer = client.open(address, method=method, headers=heads["admin"])
            if answer.status_code == 403:
                continue  # who may not act there learns that alone
            assert (answer.status_code, answer.mimetype) == (405, PROBLEM), (method, address)
            assert served <= set(answer.headers["Allow"].split(", ")), (method, address)
