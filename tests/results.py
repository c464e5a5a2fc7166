"""Results with counts that are made up."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from inquit.eval.measures import Measure
from inquit.eval.result import Benchmark, Counted, Result, System, Timings
from inquit.eval.scores import statistic

HEADLINE, EXACT = "attribution.f1@iou50", "quote.f1@exact"


def counted(name: str, rows: Any, low: float | None = None, high: float | None = None) -> Counted:
    tp, fp, fn = np.asarray(rows).T.tolist()
    value = float(statistic(Measure.parse(name).statistic, [sum(tp), sum(fp), sum(fn)]))
    value = None if np.isnan(value) else value
    return Counted(value=value, low=low, high=high, tp=tp, fp=fp, fn=fn)


def result(counts: dict[str, Any], name: str = "mine", **changes: Any) -> Result:
    """A result on documents d0, d1 ...; a change of a benchmark's field goes into the benchmark."""
    n = len(next(iter(counts.values())))
    benchmark = Benchmark(
        name="port", version="1", layer="gold", gold_sha256="ab" * 32, split="test"
    )
    of_benchmark = {k: changes.pop(k) for k in [*changes] if k in benchmark.__struct_fields__}
    made = Result(
        inquit_result=1,
        inquit_version="0.1.0",
        created="2026-11-22T00:00:00+00:00",
        benchmark=msgspec.structs.replace(benchmark, **of_benchmark),
        system=System(name=name, parameters=changes.pop("parameters", {})),
        seed=0,
        timings=Timings(predict_seconds=1.0, documents_per_second=float(n)),
        doc_ids=changes.pop("doc_ids", [f"d{i}" for i in range(n)]),
        measures={m: counted(m, rows) for m, rows in counts.items()},
    )
    return msgspec.structs.replace(made, **changes)


def some_counts(seed: int, n: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 6, (n, 3))
