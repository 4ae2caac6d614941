"""OpenTelemetry, where an installation asks for it by the standard's own variables and has the extra ``telemetry``."""

from __future__ import annotations

import importlib
import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import Any

from service.domain.running.spans import trace_with
from service.domain.text import Text
from service.settings.reading import BadSetting, number, one_of, web_address

log = logging.getLogger(__name__)

_EXPORTER = "OTEL_EXPORTER_OTLP_"
_OF_EXPORTER = (_EXPORTER, f"{_EXPORTER}TRACES_")
"""What names of the exporter's settings begin with: those of every signal, those of spans (OpenTelemetry, "OTLP Exporter
Configuration"). The exporter reads them itself, and takes a default or raises where it cannot."""

_WORDS = {
    "OTEL_TRACES_EXPORTER": ("", "otlp"),
    "OTEL_TRACES_SAMPLER": (
        *("", "always_on", "always_off", "traceidratio"),
        *("parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"),
    ),
    **{f"{begins}PROTOCOL": ("", "http/protobuf") for begins in _OF_EXPORTER},
    **{f"{begins}COMPRESSION": ("", "none", "gzip", "deflate") for begins in _OF_EXPORTER},
}
_FILES = tuple(
    f"{begins}{name}" for begins in _OF_EXPORTER for name in ("CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE")
)
_SENDS = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
"""The module that sends spans, by whose name its lines stand in the log."""

_MOST = 10**7
ENDING = 5.0
"""Seconds for which spans that were not sent yet may keep a process that ends: its collector may be silent."""


@contextmanager
def telemetry(environment: Mapping[str, str]) -> Iterator[bool]:
    """Send spans meanwhile where ``environment`` says; yields whether they are sent.

    Without the packages it is said in the log that there are none, and the program runs as it would; raises BadSetting
    for a setting that cannot be used.
    """
    provider = _provider_in(environment)
    if provider is None:
        yield False
        return
    with traced_by(provider):
        yield True


def _provider_in(environment: Mapping[str, str]) -> Any | None:
    off = (
        environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    )
    if off or not any(environment.get(f"{begins}ENDPOINT") for begins in _OF_EXPORTER):
        return None
    _demand_usable(environment)
    batches = batches_in(environment)
    _tell_seldom()
    try:
        exporter = importlib.import_module(_SENDS).OTLPSpanExporter()
        processor = importlib.import_module("opentelemetry.sdk.trace.export").BatchSpanProcessor(exporter, **batches)
        return provider_to(processor, environment.get("OTEL_SERVICE_NAME") or "laurel")
    except ImportError:
        log.warning(
            "没有发送链路追踪：未安装附加包 telemetry 的软件包"
            " / no spans are sent: the packages of the extra “telemetry” are not installed"
        )
        return None
    except Exception as error:  # whatever else of the standard's many settings its packages do not understand
        raise BadSetting(
            Text(
                f"OpenTelemetry 的设置（OTEL_ 开头的变量）不能用，它的软件包答复：{error}",
                f"The settings of OpenTelemetry, whose names begin with OTEL_, cannot be used; its packages say: {error}",
            )
        ) from error


def _tell_seldom() -> None:
    """Let the log tell of a collector that is away every ten minutes: its packages would at every try."""
    told = logging.getLogger(_SENDS)
    told.setLevel(logging.ERROR)
    if not any(isinstance(one, Seldom) for one in told.filters):
        told.addFilter(Seldom())


class Seldom(logging.Filter):
    """Lets a line through where none came within ten minutes before it."""

    SECONDS = 600.0
    _last = -SECONDS

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether it is told."""
        if record.created - self._last < self.SECONDS:
            return False
        self._last = record.created
        return True


def batches_in(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return how spans are sent in batches, by the names of the SDK's arguments; raises BadSetting.

    The SDK would read these itself, but takes an empty one, which is none by the standard, for a wrong one.
    """
    queue = number(environment, "OTEL_BSP_MAX_QUEUE_SIZE", 2048, 1, _MOST)
    return {
        "max_queue_size": queue,
        "max_export_batch_size": number(environment, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", min(512, queue), 1, queue),
        "schedule_delay_millis": number(environment, "OTEL_BSP_SCHEDULE_DELAY", 5_000, 1, _MOST),
        "export_timeout_millis": number(environment, "OTEL_BSP_EXPORT_TIMEOUT", 30_000, 1, _MOST),
    }


def _demand_usable(environment: Mapping[str, str]) -> None:
    """Raise BadSetting for what the packages would put a default in place of, or find out when the first span leaves."""
    for begins in _OF_EXPORTER:
        web_address(environment, f"{begins}ENDPOINT", "http://localhost:4318")
        number(environment, f"{begins}TIMEOUT", 10, 1, _MOST)
    for name, words in _WORDS.items():
        one_of(environment, name, words)
    for name in _FILES:
        if (file := environment.get(name)) and not Path(file).is_file():
            raise BadSetting(
                Text(f"{name} 应为已有的文件，现为“{file}”。", f"{name} must be a file that exists, it is {file!r}.")
            )


def provider_to(processor: Any, service: str) -> Any:
    """Return what hands every span of ``service`` to ``processor``, a span processor of OpenTelemetry's SDK.

    Raises ImportError without the SDK.
    """
    resource = importlib.import_module("opentelemetry.sdk.resources").Resource.create({"service.name": service})
    provider = importlib.import_module("opentelemetry.sdk.trace").TracerProvider(
        resource=resource, shutdown_on_exit=False
    )
    provider.add_span_processor(processor)
    return provider


@contextmanager
def traced_by(provider: Any, ending: float = ENDING) -> Iterator[None]:
    """Let ``provider`` open every span meanwhile; what is left at the end is sent, for ``ending`` seconds at most."""
    tracer = provider.get_tracer("laurel")

    @contextmanager
    def opened(name: str, attributes: Mapping[str, str | int]) -> Iterator[object]:
        # What an exception says may be personal: the log has it without that, a span only that there was one.
        with tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as one:
            try:
                yield one
            except BaseException as error:
                one.set_attribute("error.type", type(error).__name__)
                raise

    over, sent = Event(), Event()

    def end() -> None:
        over.wait()
        provider.shutdown()
        sent.set()

    def send_the_rest() -> None:
        trace_with(None)
        over.set()
        if not sent.wait(ending):
            log.warning(
                "链路追踪的收集服务没有应答，尚未发出的不再发送"
                " / the collector of spans does not answer: those not sent yet are dropped"
            )

    # Begun now, as a process that ends begins no thread any more.
    Thread(target=end, name="end-telemetry", daemon=True).start()
    trace_with(opened)
    try:
        with _before_told_to_end(send_the_rest):
            yield
    finally:
        send_the_rest()


@contextmanager
def _before_told_to_end(do: Callable[[], None]) -> Iterator[None]:
    """Do this before the system ends the process (SIGTERM) meanwhile, where nothing of it hears that and ends in order.

    Told a second time, the process ends at once, whatever is still to be done.
    """
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def told(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        do()
        signal.raise_signal(number)

    signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is told:  # a worker hears it itself from its beginning on
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
