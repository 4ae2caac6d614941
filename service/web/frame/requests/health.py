"""What a supervisor and a monitoring system ask this process."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.casework.health.checks import Colour, read_colours
from service.casework.health.report import read_readiness
from service.casework.queries.monitoring.vitals import Vitals, read_vitals
from service.domain.errors import LaurelError, NotFound
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.web.frame.requests.current import the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("health", __name__)

ALIVE = "health.livez"
"""The endpoint that asks nobody anything: not even a session is looked up for it, which the database would be asked for."""

_KEY = "laurel.metrics"
_CLOSED = Text(
    "本系统没有开放指标。需要的，请管理员设置 LAUREL_METRICS_TOKEN（不少于16个字符）后重新启动。",
    "No metrics are offered here. For them an administrator sets LAUREL_METRICS_TOKEN (16 characters or more) and starts anew.",
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class TokenNeeded(LaurelError):
    """The metrics were asked for without their token, or with another."""

    code = "metrics_token"

    def __init__(self, *, shown: bool) -> None:
        what = Text("令牌不对", "The token is wrong") if shown else Text("没有出示令牌", "No token was shown")
        super().__init__(
            Text(
                f"{what.zh}。指标只给监控系统：请求头写 Authorization: Bearer，后面是 LAUREL_METRICS_TOKEN 的值；"
                "登录和接口令牌在这里不起作用。",
                f"{what.en}. Metrics are for a monitoring system: send the header Authorization: Bearer with the value of"
                " LAUREL_METRICS_TOKEN; neither signing in nor a token of the API serves here.",
            )
        )


class Metrics:
    """Counts of this process since it began, and gauges that are read anew for each answer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "endpoint", "status")
        self.requests = Counter("laurel_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "laurel_request_seconds", "Time to answer", ("endpoint",), buckets=_SECONDS, registry=self.registry
        )
        self._gauges: dict[str, Gauge] = {}
        self._checks = Gauge(
            "laurel_check",
            "What a check finds: 0 green, 1 yellow, 2 red",
            ("check",),
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def show(self, vitals: Vitals) -> None:
        """Set the gauges, one for each field; what cannot be measured is left as it was."""
        for name in vitals.__slots__:
            value = getattr(vitals, name)
            if value is None:
                continue
            if name not in self._gauges:
                self._gauges[name] = Gauge(
                    f"laurel_{name}", name.replace("_", " "), registry=self.registry, multiprocess_mode="mostrecent"
                )
            self._gauges[name].set(value)

    def show_checks(self, colours: Mapping[str, Colour]) -> None:
        """Set the gauge of every check that has something to look at; the others have none."""
        for name, colour in colours.items():
            if colour is not Colour.GREY:
                self._checks.labels(name).set(colour)

    def text(self) -> bytes:
        """Return everything as Prometheus reads it; of several processes of one server their counts together."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def count_requests(app: Flask) -> None:
    """Count every request of ``app`` and how long it took, by endpoint and never by address.

    `log_requests` must have been called before: it notes when a request began.
    """
    metrics = app.extensions[_KEY] = Metrics()

    def count_answer(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.method in _METHODS else "other"  # anybody may send any word as one
        metrics.requests.labels(method, endpoint, response.status_code).inc()
        if "asked_at" in g:
            metrics.seconds.labels(endpoint).observe(time.perf_counter() - g.asked_at)
        return response

    app.after_request(count_answer)


@PAGES.get("/livez")
@route_guard("portal.view")
def livez() -> ResponseReturnValue:
    """Answer 200 as long as this process answers at all."""
    return jsonify(status="ok")


@PAGES.get("/readyz")
@route_guard("portal.view")
def readyz() -> ResponseReturnValue:
    """Answer 200 while the database can be read and what is submitted can be kept, else 503.

    Tells besides how much due work waits, whether it is done, whether the installation is on hold, and which checks were red: that is no
    matter of this process, which goes on to serve pages.
    """
    readiness = read_readiness(the_desk(), the_actor())
    answer = jsonify(
        status="full" if readiness.full else "ok",
        due=readiness.due,
        work="stands still" if readiness.stands_still else "ok",
        hold=readiness.on_hold,
        full=readiness.full,
        red=readiness.red,
    )
    return answer, 503 if readiness.full else 200


@PAGES.get("/metrics")
@route_guard("vitals.read")
def metrics() -> ResponseReturnValue:
    """Return counts and gauges as Prometheus reads them, to who shows the token of the settings.

    Raises:
        TokenNeeded: without it, or with another; NotFound where the settings have none.
    """
    token = the_settings().metrics_token
    sent_token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        raise NotFound(_CLOSED)
    if not is_same_text(sent_token, token):
        raise TokenNeeded(shown=bool(sent_token.strip()))
    metrics_store: Metrics = current_app.extensions[_KEY]
    metrics_store.show(read_vitals(the_desk(), the_actor()))
    metrics_store.show_checks(read_colours(the_desk(), the_actor()))
    return Response(metrics_store.text(), content_type=CONTENT_TYPE_LATEST)
