"""What evaluating one typical condition costs once it is compiled."""

from __future__ import annotations

from statistics import median, quantiles
from time import perf_counter

from service.domain.feel import compile_expression

CONDITION = 'decision = "recommend" and count(findings[result = "not_met"]) = 0 and days <= param.limit'
SCOPE = {
    "decision": "recommend",
    "findings": [{"criterion": f"c{number}", "result": "met"} for number in range(5)],
    "days": 5,
    "param": {"limit": 7},
}
_RUNS, _PER_RUN = 200, 100


def measure() -> dict[str, object]:
    """Return what was measured and its median and 95th percentile in milliseconds per evaluation."""
    expression = compile_expression(CONDITION)
    times = [_one_run(expression.evaluate) for _ in range(_RUNS)]
    return {
        "work": f"evaluate {CONDITION} over {len(SCOPE['findings'])} findings",  # type: ignore[arg-type]
        "median_ms": median(times) * 1000,
        "p95_ms": quantiles(times, n=20)[-1] * 1000,
    }


def _one_run(evaluate: object) -> float:
    assert callable(evaluate)
    start = perf_counter()
    for _ in range(_PER_RUN):
        evaluate(SCOPE)
    return (perf_counter() - start) / _PER_RUN


if __name__ == "__main__":
    print(measure())
