"""The running stack, with instant providers: a warm input through the Express machine, and cached answers a second."""

from __future__ import annotations

import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.report import Figure, percentile
from tests.doubles.openai_server import running
from tests.support.stack import RunningStack, running_stack

RUNS = 100
WARM_UP = 15
SHARE_LIMIT_MS = 150.0
CACHED_SECONDS = 8.0
CACHED_CALLERS = 8
CACHED_LIMIT = 100.0

REPEATED = {"text": "Hola, necesito ayuda con mi reclamación.", "source_language": "es"}


def measure() -> list[Figure]:
    """Start a stack whose remote providers are doubles that answer at once, and measure through its HTTP API."""
    with running() as double, tempfile.TemporaryDirectory() as directory:
        variables = {
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": double.openai_base_url,
            "FLASH_API_KEY": "bench",
            "FLASH_BASE_URL": double.flash_base_url,
            "INTAKE_BUDGET_REQUESTS_PER_HOUR": "1000000",
            "INTAKE_BUDGET_USD_PER_DAY": "1000",
        }
        with running_stack(Path(directory), "real", variables) as stack:
            return [*_express(stack), *_cached(stack)]


def _express(stack: RunningStack) -> list[Figure]:
    pool = _pool(stack)
    totals: list[float] = []
    ours: list[float] = []
    for number in range(WARM_UP + RUNS):
        started = time.perf_counter()
        answer = _post(
            pool, stack, {"text": f"Tengo una consulta sobre mi póliza número {number}.", "source_language": "es"}
        )
        total = (time.perf_counter() - started) * 1000
        if number >= WARM_UP:
            totals.append(total)
            ours.append(total - _provider_ms(answer))
    return [
        Figure("text through the Express machine, p50", percentile(totals, 0.50), "ms"),
        Figure("text through the Express machine, p95", percentile(totals, 0.95), "ms"),
        Figure("  of it our share, p95", percentile(ours, 0.95), "ms", SHARE_LIMIT_MS),
    ]


def _cached(stack: RunningStack) -> list[Figure]:
    pool = _pool(stack)
    _post(pool, stack, REPEATED)
    again = _post(pool, stack, REPEATED)
    if again["timings_ms"]:
        raise RuntimeError(f"the second answer was made by a run: {again['quality']}")
    _repeat(pool, stack, CACHED_SECONDS / 2)  # starts the workers
    spans = _repeat(pool, stack, CACHED_SECONDS)
    return [
        Figure(
            "identical input from the cache, 8 callers", len(spans) / CACHED_SECONDS, "requests/s", CACHED_LIMIT, True
        ),
        Figure("identical input from the cache, p95", percentile(spans, 0.95), "ms"),
    ]


def _repeat(pool: urllib3.PoolManager, stack: RunningStack, seconds: float) -> list[float]:
    """Send the same input from several callers for a while; return how long each answer took, in milliseconds."""
    end = time.perf_counter() + seconds

    def caller(_number: int) -> list[float]:
        spans = []
        while (started := time.perf_counter()) < end:
            _post(pool, stack, REPEATED)
            spans.append((time.perf_counter() - started) * 1000)
        return spans

    with ThreadPoolExecutor(CACHED_CALLERS) as threads:
        return [span for spans in threads.map(caller, range(CACHED_CALLERS)) for span in spans]


def _post(pool: urllib3.PoolManager, stack: RunningStack, body: dict[str, str]) -> Any:
    response = pool.request("POST", f"{stack.endpoints['api_url']}/v1/inputs", body=json.dumps(body))
    if response.status != 200:
        raise RuntimeError(f"POST /v1/inputs answered {response.status}: {response.data[:500]!r}")
    return json.loads(response.data)


def _pool(stack: RunningStack) -> urllib3.PoolManager:
    headers = {"x-api-key": stack.endpoints["admin_api_key"], "content-type": "application/json"}
    return urllib3.PoolManager(maxsize=CACHED_CALLERS, headers=headers)


def _provider_ms(answer: Any) -> float:
    spent: float = answer["timings_ms"]["providers"]
    return spent
