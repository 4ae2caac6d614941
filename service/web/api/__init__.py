"""The JSON API ``/api/v1``: the same use cases under the same guards."""

from service.web.api.blueprint import API

__all__ = ["API"]
