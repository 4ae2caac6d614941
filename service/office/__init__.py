"""Adapters to the file formats of an office: what a foreign file says, read where it can do no harm."""

from service.office.sandbox import Sandbox

__all__ = ["Sandbox"]
