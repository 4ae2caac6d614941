"""Adapters to office file formats: Word, PDF and Excel files are written, foreign ones read in a sandbox."""

from service.office.sandbox import Sandbox, page_sandbox

__all__ = ["Sandbox", "page_sandbox"]
