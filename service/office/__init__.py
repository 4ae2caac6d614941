"""Adapters to the file formats of an office: Word, PDF and Excel files written, and others' read where it can do no harm."""

from service.office.sandbox import Sandbox

__all__ = ["Sandbox"]
