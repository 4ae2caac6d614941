"""OpenTelemetry, where an installation asks for it by the standard's own variables and has the extra ``telemetry``."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from service.domain.spans import trace_with

log = logging.getLogger(__name__)

_ASKED = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Where spans are sent to (OpenTelemetry, "OTLP Exporter Configuration"); the exporter reads these variables itself."""


def begin_telemetry(environment: Mapping[str, str]) -> bool:
    """Send spans from now on where ``environment`` says; returns whether they are sent.

    Without the packages it is said in the log that there are none, and the program runs as it would.
    """
    off = (
        environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    )
    if off or not any(environment.get(name) for name in _ASKED):
        return False
    try:
        exporter = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter").OTLPSpanExporter()
        batches = importlib.import_module("opentelemetry.sdk.trace.export").BatchSpanProcessor(exporter)
        trace_to(batches, environment.get("OTEL_SERVICE_NAME") or "laurel")
    except ImportError:
        log.warning("no spans are sent: the packages of the extra “telemetry” are not installed")
        return False
    return True


def trace_to(processor: Any, service: str) -> None:
    """Hand every span to ``processor``, a span processor of OpenTelemetry's SDK; raises ImportError without the SDK."""
    resource = importlib.import_module("opentelemetry.sdk.resources").Resource.create({"service.name": service})
    provider = importlib.import_module("opentelemetry.sdk.trace").TracerProvider(resource=resource)
    provider.add_span_processor(processor)
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

    trace_with(opened)
