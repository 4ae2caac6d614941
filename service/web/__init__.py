"""HTTP: pages for people, an interface for programs."""

from service.web.app_factory import create_app

__all__ = ["create_app"]
