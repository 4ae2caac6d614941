"""Adapters to office file formats: Word, PDF and Excel files are written, foreign ones read in a sandbox."""

from service.office.office_pdf import office_as_pdf, office_program
from service.office.sandbox import Sandbox
from service.office.scanner import Scanner, ScannerAway

__all__ = ["Sandbox", "Scanner", "ScannerAway", "office_as_pdf", "office_program"]
