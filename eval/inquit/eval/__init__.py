"""The evaluation harness: measures, extractors and results.

Importing this package costs nothing; each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .comparing.results import compare_results
    from .comparing.slices import compare_slices
    from .counting.match_list import Match, matches
    from .displays import ScoreDisplay, SliceDisplay
    from .errors import Finding, errors_of, errors_table
    from .extractors.checks import check_extractor
    from .measures import DEFAULT, HEADLINE, Measure, MeasureError
    from .metric_reports import attribution_report, span_classification_report
    from .metrics import attribution_f1_score, span_f1_score
    from .model_selection import GroupedStratifiedKFold
    from .scores import Score, Scores
    from .scoring import score
    from .sentence_metrics import sentence_average_precision_score, sentence_f1_score
    from .slicing.slices import Sliced, Slices, slice_scores
    from .uncertainty import Interval, Paired

__all__ = [
    "DEFAULT",
    "HEADLINE",
    "Finding",
    "GroupedStratifiedKFold",
    "Interval",
    "Match",
    "Measure",
    "MeasureError",
    "Paired",
    "Score",
    "ScoreDisplay",
    "Scores",
    "SliceDisplay",
    "Sliced",
    "Slices",
    "attribution_f1_score",
    "attribution_report",
    "check_extractor",
    "compare_results",
    "compare_slices",
    "errors_of",
    "errors_table",
    "matches",
    "score",
    "sentence_average_precision_score",
    "sentence_f1_score",
    "slice_scores",
    "span_classification_report",
    "span_f1_score",
]

_MODULES = {
    "comparing.results": ("compare_results",),
    "comparing.slices": ("compare_slices",),
    "displays": ("ScoreDisplay", "SliceDisplay"),
    "errors": ("Finding", "errors_of", "errors_table"),
    "extractors.checks": ("check_extractor",),
    "counting.match_list": ("Match", "matches"),
    "measures": ("DEFAULT", "HEADLINE", "Measure", "MeasureError"),
    "metric_reports": ("attribution_report", "span_classification_report"),
    "metrics": ("attribution_f1_score", "span_f1_score"),
    "model_selection": ("GroupedStratifiedKFold",),
    "scores": ("Score", "Scores"),
    "scoring": ("score",),
    "sentence_metrics": ("sentence_average_precision_score", "sentence_f1_score"),
    "slicing.slices": ("Sliced", "Slices", "slice_scores"),
    "uncertainty": ("Interval", "Paired"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
