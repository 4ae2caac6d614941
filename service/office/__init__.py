"""Adapters to office file formats: Word, PDF and Excel files are written, foreign ones read in a sandbox."""

from service.office.sandbox import Sandbox

__all__ = ["Sandbox"]
