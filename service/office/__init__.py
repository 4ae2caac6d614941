"""Adapters to office file formats: Word, PDF and Excel files are written, foreign ones read in a sandbox."""

from service.office.office_pdf import office_as_pdf
from service.office.sandbox import Sandbox, page_sandbox
from service.office.scanner import Scanner, ScannerAway

__all__ = ["Sandbox", "Scanner", "ScannerAway", "office_as_pdf", "page_sandbox"]
