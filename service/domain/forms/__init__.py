"""Forms: form-js schemas compiled to checks that the server can answer for.

``compile_form`` refuses what it could not check; ``Form.check`` recomputes, drops, merges and validates.
"""

from service.domain.files.uploads import UploadRules
from service.domain.forms.check import FormCheck
from service.domain.forms.compile import compile_form
from service.domain.forms.correction import correctable, named_label, unchanged
from service.domain.forms.describe import FieldInfo
from service.domain.forms.form import Form
from service.domain.forms.masking import masked
from service.domain.forms.model import InputType
from service.domain.forms.readable import ReadableForm
from service.domain.forms.refusals import FieldError, FormRefused
from service.domain.forms.state import State

__all__ = [
    "FieldError",
    "FieldInfo",
    "Form",
    "FormCheck",
    "FormRefused",
    "InputType",
    "ReadableForm",
    "State",
    "UploadRules",
    "compile_form",
    "correctable",
    "masked",
    "named_label",
    "unchanged",
]
