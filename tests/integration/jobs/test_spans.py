"""Spans of OpenTelemetry: one for a request, a step and a piece of due work, without what tells of a person."""

from __future__ import annotations

import logging
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.casework.cases.start import start_case
from service.domain.running.lanes import TIMERS
from service.domain.running.spans import span
from service.jobs.due_work import DueWork
from service.settings import BadSetting
from service.settings.telemetry import Seldom, batches_in, provider_to, telemetry, traced_by
from service.store import NewWork, Store
from tests.support.browsers import make_app
from tests.support.desks import PACKAGE, make_bench

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def told() -> Iterator[Any]:
    """What was traced, kept in memory."""
    memory = InMemorySpanExporter()
    with traced_by(provider_to(SimpleSpanProcessor(memory), "laurel")):
        yield memory


def names(told: Any) -> list[str]:
    return [one.name for one in told.get_finished_spans()]


def test_a_step_and_due_work_have_spans_and_an_error_only_its_name(sqlite_store: Store, told: Any) -> None:
    bench = make_bench(sqlite_store)
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    assert {"laurel.case": case} in [dict(one.attributes) for one in told.get_finished_spans() if one.name == "step"]
    told.clear()
    make_app(bench).test_client().get("/search?q=张三")
    [one] = told.get_finished_spans()
    assert (one.name, one.attributes["laurel.endpoint"].partition(".")[0]) == ("request", "search")
    assert re.fullmatch("[0-9a-f]{16}", one.attributes["laurel.request"]), "by it the lines of the log are found"
    assert "张三" not in one.to_json()
    told.clear()
    with sqlite_store.write() as tx:
        tx.work.enqueue_many([NewWork("timer", None, "t", {}, AT)], AT)

    def fail(_item: object) -> None:
        raise ValueError("张三 13812345678")

    DueWork(sqlite_store, fail, lambda: AT, "test").run_some(TIMERS, AT)
    assert names(told) == ["due work"]
    [one] = told.get_finished_spans()
    assert one.attributes["laurel.kind"] == "timer"
    told.clear()
    with pytest.raises(ValueError, match="张三"), span("outer"):
        fail(None)
    [one] = told.get_finished_spans()
    assert (one.attributes["error.type"], one.events) == ("ValueError", ())
    assert "张三" not in str(one.to_json())


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4318"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zip"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "ten"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere.pem"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096"),
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_TRACES_SAMPLER", "some"),
    ],
)
def test_a_wrong_word_is_refused_by_name_before_anything_begins(name: str, word: str) -> None:
    """Its packages would take a default in silence, log a traceback or end the start with one."""
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", name: word}
    with pytest.raises(BadSetting, match=f"^{name} 应为.*{word}") as refused, telemetry(settings):
        pass
    assert name in refused.value.message.en


def test_nothing_is_sent_that_nobody_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    with telemetry({}) as sent:
        assert not sent
    with telemetry({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}) as sent:
        assert not sent
    assert caplog.messages == []
    assert span("nobody listens") is span("to this")


def test_an_empty_setting_is_none_and_a_small_queue_needs_no_second_number(caplog: pytest.LogCaptureFixture) -> None:
    parts = ("MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE", "SCHEDULE_DELAY", "EXPORT_TIMEOUT")
    assert batches_in({f"OTEL_BSP_{part}": "" for part in parts}) == batches_in({})
    small = batches_in({"OTEL_BSP_MAX_QUEUE_SIZE": "100"})
    BatchSpanProcessor(InMemorySpanExporter(), **small).shutdown()
    assert (small["max_export_batch_size"], caplog.messages) == (100, [])


class Silent(SpanExporter):
    """Sends to a collector that takes the connection and says nothing until it is told to."""

    def __init__(self) -> None:
        self.reached, self.answer = Event(), Event()

    def export(self, spans: Sequence[object]) -> SpanExportResult:
        """Wait for the collector."""
        self.reached.set()
        self.answer.wait(60)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is open."""


def test_a_silent_collector_keeps_no_process_that_ends(caplog: pytest.LogCaptureFixture) -> None:
    silent = Silent()
    with traced_by(provider_to(BatchSpanProcessor(silent, schedule_delay_millis=1), "laurel"), ending=0.01):
        with span("outer"):
            pass
        assert silent.reached.wait(60)
        with span("nobody waits for the collector"):
            pass
    assert not silent.answer.is_set(), "it ended while the collector was silent"
    assert any("the collector of spans does not answer" in line for line in caplog.messages)
    silent.answer.set()


def test_what_is_left_is_sent_at_the_end() -> None:
    memory = InMemorySpanExporter()
    with (
        traced_by(provider_to(BatchSpanProcessor(memory, schedule_delay_millis=10**6), "laurel"), ending=60),
        span("outer"),
    ):
        pass
    assert names(memory) == ["outer"]


def test_a_collector_that_is_away_is_told_every_ten_minutes() -> None:
    line, seldom = logging.makeLogRecord({"msg": "Failed to export"}), Seldom()
    told = []
    for second in (0, 5, 599, 601, 1200, 1202):
        line.created = 1_000_000.0 + second
        told += [second] * seldom.filter(line)
    assert told == [0, 601, 1202]


TOLD_TO_END = """
import signal, sys
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from service.domain.running.spans import span
from service.settings.telemetry import provider_to, traced_by

sender = ConsoleSpanExporter(sys.stdout, formatter=lambda one: one.name + "\\n")
with traced_by(provider_to(BatchSpanProcessor(sender, schedule_delay_millis=10**6), "laurel"), ending=60):
    with span("the last one"):
        pass
    signal.raise_signal(signal.SIGTERM)
    print("went on")
"""


TOLD_TWICE = """
import os, signal
from opentelemetry.sdk.trace import SpanProcessor
from service.settings.telemetry import provider_to, traced_by

class Silent(SpanProcessor):
    def shutdown(self):
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()

with traced_by(provider_to(Silent(), "laurel"), ending=60):
    signal.raise_signal(signal.SIGTERM)
"""


def test_told_to_end_a_second_time_a_process_waits_for_no_collector() -> None:
    """Each further SIGTERM began the wait anew, one within the other."""
    ended = subprocess.run([sys.executable, "-c", TOLD_TWICE], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGTERM, "")


def test_what_is_left_is_sent_before_the_system_ends_the_process() -> None:
    """Who serves pages ends at once when told to, and the spans of the last five seconds were lost with it."""
    ended = subprocess.run([sys.executable, "-c", TOLD_TO_END], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, "the last one\n"), ended.stderr
