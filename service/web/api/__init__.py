"""The interface for programs: ``/api/v1``, the same use cases under the same guards, answers in JSON."""

from service.web.api.blueprint import API

__all__ = ["API"]
