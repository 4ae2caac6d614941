"""A worker and the commands name work, cases and kinds of failure in what they write, and no person."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.casework.archives.gather import Masks
from service.casework.simulate.stage.stage import PlayState
from service.cli.main import laurel
from service.settings import read_settings
from service.store import NewWork, Store
from service.store.models import MailRow
from tests.integration.jobs.test_webhook import SECRET, Gateway
from tests.integration.jobs.test_webhook import gateway as gateway
from tests.support.half_seasons import season
from tests.support.keys import keys_beside
from tests.support.smtp import MailServer
from tests.support.waiting import until

RUN: tuple[tuple[str, ...], ...] = (
    ("doctor",),
    ("doctor", "--json"),
    ("doctor", "--deep"),
    ("resume",),
    ("audit", "sign"),
    ("audit", "heads"),
    ("audit", "export", "--form", "json"),
    ("audit", "export", "--form", "syslog"),
    ("archive", "tidy"),
    ("archive", "make", "1", "PLACE/archive", "--purpose", "looked at"),
    ("archive", "make", "1", "PLACE/full", "--purpose", "looked at in full", "--full"),
    ("audit", "verify", "PLACE"),
    ("coverage", "yining"),
    ("administrator",),
    ("doctor", "--keys"),
    ("doctor", "--rotate-keys"),
)
"""What reads a season, or what is stored of it; PLACE is a folder."""

READS_NONE = {
    *("check", "compare", "deploy", "feel", "simulate", "window", "demo"),
    *("serve", "backup", "restore", "transfer"),
}
"""What reads packages and scenarios alone, is another program, or copies and serves without a word of what."""

BOOK = ("audit", "export")
"""Names the files whose digests it records by their numbers, which say nothing of anybody."""

PROOFS = "coverage"
"""Tells what the bundled seasons assert of the files that they themselves name."""

SECONDS = 240


def values_of(stage: PlayState) -> set[str]:
    """Return what the forms of a season hold of persons, and how everybody is reached and called."""
    values: set[str] = set()
    with stage.desk.store.read() as tx:
        for case in range(1, 40):
            rows = tx.forms.of_case(case)
            values |= set(Masks([(stage.desk.packages.form(stage.package, r.form), r.data) for r in rows]).values)
        for person in tx.people.everybody():
            values |= {value for value in (person.email, person.telephone) if value}
    return values


def files_of(stage: PlayState) -> set[str]:
    """Return the numbers of all files that were uploaded."""
    with stage.desk.store.read() as tx:
        return {str(file.id) for file in tx.soundness.upload_files("", 1_000)}


@contextmanager
def at_work(environment: dict[str, str], log: IO[bytes]) -> Iterator[None]:
    """Let ``laurel work`` run until the end of the block; it ends by itself when told to."""
    command = [sys.executable, "-m", "service.app", "work", "--threads", "1"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def tried(url: str, kinds: tuple[str, ...]) -> bool:
    """Return whether an item of every kind was tried and failed."""
    engine = sa.create_engine(url)
    with engine.connect() as line:
        found = set(line.scalars(sa.text("select distinct kind from work_item where last_error is not null")))
    engine.dispose()
    return set(kinds) <= found


@pytest.mark.postgres
def test_a_worker_and_every_command_name_no_person_of_a_season(
    postgres_url: str, mail_server: MailServer, gateway: Gateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(postgres_url, tmp_path / "data" / "files", durable=False, keys=keys_beside(tmp_path / "data"))
    stage = season("yining/quality_award", "clean", store, 4)
    values = values_of(stage)
    assert len(values) > 5
    values.add("zhang.san@example.cn")
    mail_server.refuse = "554 5.7.1 " + " ".join(sorted(values))[:300]
    gateway.answer = 500
    _send_everything_again(stage, " ".join(sorted(values)))
    (tmp_path / "outside").mkdir()
    environment = {
        **os.environ,
        "LAUREL_DATABASE": postgres_url,
        "LAUREL_DATA": str(tmp_path / "data"),
        "LAUREL_BALLOT_KEYS": str(stage.desk.ballot_keys.root),
        "LAUREL_ANCHORS": str(tmp_path / "outside"),
        "LAUREL_SMTP_HOST": mail_server.host,
        "LAUREL_SMTP_PORT": str(mail_server.port),
        "LAUREL_SMTP_SENDER": "award@example.cn",
        "LAUREL_WEBHOOK_URL": gateway.url,
        "LAUREL_WEBHOOK_SECRET": SECRET,
        "LAUREL_WEBHOOK_PRIVATE": "yes",
        "PYTHONIOENCODING": "utf-8",
    }
    with (tmp_path / "log").open("wb") as log, at_work(environment, log):
        until(lambda: tried(postgres_url, ("mail", "webhook")), SECONDS, what="a letter and a call are tried")
    written = (tmp_path / "log").read_text("utf-8")
    assert "due work failed" in written
    assert found(values, written) == []
    with caplog.at_level(logging.DEBUG):
        for words in RUN:
            said = output_of(words, environment, tmp_path)
            assert said, words
            told = values - files_of(stage) if words[:2] == BOOK else values
            if words[0] == PROOFS:
                told = {value for value in told if not value.endswith(".pdf")}
            assert (words, found(told, said + logged(caplog))) == (words, [])
            assert "Usage:" not in said, (words, said)
            caplog.clear()


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return what was logged, without what the mail server of the tests says in its own thread of those it is sent."""
    own = [record for record in caplog.records if record.name != "mail.log"]
    return "\n".join(caplog.handler.format(record) for record in own)


def output_of(words: tuple[str, ...], environment: dict[str, str], place: Path) -> str:
    """Run a command over the season and return all that it wrote."""
    tools = Installation(read_settings(environment))
    asked = [word.replace("PLACE", str(place)) for word in words]
    result = CliRunner().invoke(laurel, asked, obj=tools)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    return result.output


def test_every_command_is_tried_or_reads_no_season() -> None:
    tried = {
        " ".join(words[:2] if isinstance(laurel.get_command(None, words[0]), click.Group) else words[:1])
        for words in RUN
    }
    assert tried.isdisjoint(READS_NONE)
    assert tried | READS_NONE | {"work"} == set(leaves(laurel, ""))


def leaves(group: click.Group, before: str) -> Iterator[str]:
    """Yield the names of all commands below ``group``."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def found(values: set[str], written: str) -> list[str]:
    """Return the values that stand in what was written; ages, other short numbers and parts of a digest are none."""
    return [value for value in sorted(values) if len(value) > 3 or not value.isascii() if _stands_in(value, written)]


def _stands_in(value: str, written: str) -> bool:
    if not value.isdigit():
        return value in written
    return re.search(rf"(?<![0-9A-Za-z]){value}(?![0-9A-Za-z])", written) is not None


def test_a_number_is_found_in_a_sentence_and_not_within_a_digest() -> None:
    assert found({"1747"}, "的营业额为1747万元") == ["1747"]
    assert found({"1747"}, "sum 3fa1747c") == []


def _send_everything_again(stage: PlayState, words: str) -> None:
    """Let every message of the season leave again by mail and by the gateway, and one that names everybody."""
    now = stage.clock.now()
    letter = MailRow(address="zhang.san@example.cn", subject=words[:100], text=words, effect_key="all", queued_at=now)
    with stage.desk.store.write() as tx:
        tx.mail.queue_many([letter])
        keys = [row.effect_key for case in stage.cases.values() for row in tx.mail.select(case_id=case)]
        keys.append("all")
        tx.work.enqueue_many(
            [
                NewWork(kind, None, f"{key}:{kind}:again", {"message": key}, now)
                for key in keys
                for kind in ("mail", "webhook")
            ],
            now,
        )
