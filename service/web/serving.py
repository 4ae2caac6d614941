"""Serves the application: by waitress in one process, by gunicorn in several."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.settings import BadSetting, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_SAID = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_")


def create_listening_server(application: object, settings: Settings) -> Any:
    """Return a server that listens where ``settings`` say; raises BadSetting when the port cannot be used.

    Only the trusted proxy may say for whom it asks: behind one, everybody would else seem to be one address.
    """
    import waitress

    proxy = {
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }
    try:
        return waitress.create_server(
            application,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,  # nobody need know what serves
            clear_untrusted_proxy_headers=not settings.demo,  # the demonstration refuses who comes with them
            **(proxy if settings.trusted_proxy else {}),
        )
    except OSError as error:
        raise BadSetting(
            Text(
                f"地址 {settings.host} 的端口 {settings.port} 不能使用（{cause_words(error).zh}）。请停止占用它的程序，或用 LAUREL_PORT 换一个端口；"
                "地址须是本机的（LAUREL_HOST）。",
                f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}): stop what uses it or choose another with"
                " LAUREL_PORT; the address must be one of this machine (LAUREL_HOST).",
            )
        ) from error


def serve_processes(make: Callable[[], WSGIApplication], settings: Settings, count: int) -> None:
    """Serve by ``count`` processes until this one is told to stop; one that ends is replaced.

    Each makes the application for itself: neither connections nor threads are shared with the process that starts them.
    """
    from gunicorn.app.base import BaseApplication

    options = {
        "bind": f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}",
        "workers": count,
        "worker_class": "gthread",
        "threads": settings.threads,
        "timeout": 120,
        "graceful_timeout": 30,
        "keepalive": 75,  # longer than a proxy keeps a connection, so that none is closed while a request is sent on it
        "loglevel": "warning",
        "forwarded_allow_ips": "",
        "child_exit": _forget_counts,
        "proc_name": "laurel",
    }

    class Processes(BaseApplication):  # type: ignore[misc]
        """Gunicorn with our settings instead of its command line."""

        def load_config(self) -> None:
            """Take the settings."""
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> WSGIApplication:
            """Make the application of one process."""
            return behind_proxy(make(), settings)

    Processes().run()


def behind_proxy(application: WSGIApplication, settings: Settings) -> WSGIApplication:
    """Let the trusted proxy say for whom it asks, and nobody else; what others say of it is dropped unread.

    The demonstration is handed all of it, because it refuses who comes with it.
    """
    if settings.demo:
        return application
    from werkzeug.middleware.proxy_fix import ProxyFix

    fixed = ProxyFix(application, x_for=1, x_proto=1)

    def answer_request(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        trusted = settings.trusted_proxy and environ.get("REMOTE_ADDR") == settings.trusted_proxy
        for name in [name for name in environ if name.startswith(_FORWARDED)]:
            if not (trusted and name in _SAID):
                del environ[name]
        return fixed(environ, start) if trusted else application(environ, start)

    return answer_request


def _forget_counts(_server: object, worker: Any) -> None:
    """Drop the gauges of a process that ended; what it counted stays counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
