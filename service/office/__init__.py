"""Adapters to office file formats: Word, PDF and Excel files are written, foreign ones read in a sandbox."""

from service.office.office_pdf import office_as_pdf
from service.office.sandbox import Sandbox, page_sandbox

__all__ = ["Sandbox", "office_as_pdf", "page_sandbox"]
