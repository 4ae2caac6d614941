"""The web layer: pages for people, a JSON API for programs."""

from service.web.app_factory import create_app

__all__ = ["create_app"]
