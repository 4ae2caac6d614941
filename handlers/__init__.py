"""What service tasks do: one small module per family of verbs.

Importing this package registers every verb; a new module placed here needs no further mention.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
