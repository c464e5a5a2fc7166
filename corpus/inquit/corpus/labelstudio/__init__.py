"""Label Studio's side of the model: what its labels mean, its results read and written.

No server is needed for it: a person's labels come as JSON, from a server or from an export. The
page that the annotator sees is drawn by ``inquit.annotation`` from the same table.
"""

from .foreign import Unfit, in_our_names
from .labels import CONTROLS, LABEL_CONTROL, OBJECT, REGIONS, is_free_text, region_label
from .meanings import ANY, OURS, Meanings, read_meanings
from .regions import Refused, from_model, to_model

__all__ = [
    "ANY",
    "CONTROLS",
    "LABEL_CONTROL",
    "OBJECT",
    "OURS",
    "REGIONS",
    "Meanings",
    "Refused",
    "Unfit",
    "from_model",
    "in_our_names",
    "is_free_text",
    "read_meanings",
    "region_label",
    "to_model",
]
