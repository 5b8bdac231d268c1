"""The other end of a double's /_control, for any process."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from tests.doubles.faults import Fault


class Control:
    """Orders failures of a double and reads its counts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.openai_base_url = f"{address}/v1"
        self.flash_base_url = f"{address}/v1beta/openai/"

    def fail(self, fault: Fault) -> None:
        """Let the calls that the fault is for fail, after those of earlier faults."""
        self._ask("POST", "/faults", fault.model_dump(mode="json"))

    def call_back(self, **plan: Any) -> None:
        """Say where and how jobs are to be answered from now on; see `tests.doubles.callbacks.CallbackPlan`."""
        self._ask("POST", "/callbacks", plan)

    def end_job(self, name: str, status: str) -> None:
        """Let a job of Amazon Transcribe be ``COMPLETED`` or ``FAILED``."""
        self._ask("POST", "/jobs", {"name": name, "status": status})

    def clear_faults(self) -> None:
        self._ask("DELETE", "/faults")

    def reset(self) -> None:
        """Forget all faults and counts."""
        self._ask("POST", "/reset")

    def counts(self) -> dict[str, Any]:
        """Return ``calls`` (those with a key), ``answered``, ``peak_in_flight``, ``by_key`` and ``by_route``."""
        counts: dict[str, Any] = self._ask("GET", "")
        return counts

    def requests(self) -> list[dict[str, Any]]:
        """Return the last 100 requests that were right: ``route``, ``key``, ``path``, ``headers``, ``body``."""
        requests: list[dict[str, Any]] = self._ask("GET", "/requests")
        return requests

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/_control{path}", data=content, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
