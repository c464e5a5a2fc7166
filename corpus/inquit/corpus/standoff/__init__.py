"""Labels that travel without their texts: detached with proofs, attached where the texts are.

A stand-off release is a directory (docs/standoff.md) that holds the layers of a corpus, what is
known about each text but the text, and for every fragment a proof that only those can check who
have the text.
"""

from .attach import Attached, attach
from .detach import detach
from .folder import Standoff
from .report import AttachReport

__all__ = ["AttachReport", "Attached", "Standoff", "attach", "detach"]
