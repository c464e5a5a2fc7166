"""What went wrong with each label: gold and a prediction side by side, every error with its kinds.

docs/errors.md defines the kinds.
"""

from __future__ import annotations

from .findings import KINDS, TARGETS, Finding, errors_of, errors_table

__all__ = ["KINDS", "TARGETS", "Finding", "errors_of", "errors_table"]
