"""The release: a corpus as a Hugging Face dataset, and its inverse.

`write_release` makes a directory that ``datasets.load_dataset`` reads without inquit;
`read_release` makes the corpus of it again. docs/release.md describes the files.
"""

from .layout import ReleasedFile
from .read import read_release
from .write import write_release

__all__ = ["ReleasedFile", "read_release", "write_release"]
