"""Label Studio's side of the model: what its labels mean, its results read and written.

No server is needed for it: a person's labels come as JSON, from a server or from an export. The
page that the annotator sees is drawn by ``inquit.annotation`` from the same table.
"""

from .labels import CONTROLS, LABEL_CONTROL, OBJECT, REGIONS, is_free_text, region_label
from .regions import Refused, from_model, to_model

__all__ = [
    "CONTROLS",
    "LABEL_CONTROL",
    "OBJECT",
    "REGIONS",
    "Refused",
    "from_model",
    "is_free_text",
    "region_label",
    "to_model",
]
