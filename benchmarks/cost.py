"""What an input costs: providers by the dated price list, and AWS by what the functions were seen to ask of it.

Providers answer at once here. The seconds that they take on the wire are billed by Lambda and by the Express machine
too, and are added as `PROVIDER_SECONDS`; what a function computes is scaled to the share of a processor that its memory
buys on Lambda.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.aws_meter import Meter
from benchmarks.report import Figure
from evaluation.cases import Golden, cases
from tests.doubles import elevenlabs_server
from tests.doubles.openai_server import running
from tests.support.stack import RunningStack, running_stack

LIMIT_PER_THOUSAND = 30.0
"""US dollars: $0.03 an input."""
SPOKEN = 10
SPOKEN_SECONDS = 20
PROVIDER_SECONDS = {"TranslateFunction": 1.0, "SanitizeFunction": 1.5, "TranscribeFunction": 2.0}
"""How long a real provider is assumed to take, in seconds."""
ONE_PROCESSOR_MB = 1769

# US dollars in us-east-1, arm64, without free tiers. Source: AWS' public price pages as of November 2026.
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 13.3334e-6
EXPRESS_REQUEST = 1.00e-6
EXPRESS_GB_SECOND = 16.67e-6
EXPRESS_GB = 64 / 1024
HTTP_REQUEST = 1.00e-6
EVENT = 1.00e-6
READ_UNIT = 0.125e-6
WRITE_UNIT = 0.625e-6
S3_CALL = {"GET": 0.4e-6, "HEAD": 0.4e-6, "PUT": 5.0e-6}
LOG_BYTE = 0.50e-9
AUTHORIZER_SECONDS = 0.02
"""Of a warm authorizer of 512 MB, if its answer were never kept: it is, for some minutes."""


@dataclass(frozen=True)
class Stage:
    """One invocation of a function, as its log line tells it."""

    function: str
    memory_mb: int
    seconds: float

    @property
    def billed_seconds(self) -> float:
        return self.seconds * max(1.0, ONE_PROCESSOR_MB / self.memory_mb) + PROVIDER_SECONDS.get(self.function, 0.0)


def measure() -> list[Figure]:
    """Send the golden set and some speech through a stack with real prices, and add up."""
    meter = Meter()
    with meter.running(), running() as double, elevenlabs_server.running() as elevenlabs:
        variables = {
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": double.openai_base_url,
            "FLASH_API_KEY": "bench",
            "FLASH_BASE_URL": double.flash_base_url,
            "ELEVENLABS_API_KEY": "xi-bench",
            "ELEVENLABS_BASE_URL": elevenlabs.address,
            "INTAKE_BUDGET_REQUESTS_PER_HOUR": "1000000",
            "INTAKE_BUDGET_USD_PER_DAY": "1000",
            "AWS_ENDPOINT_URL_DYNAMODB": meter.address,
            "AWS_ENDPOINT_URL_EVENTS": meter.address,
            "AWS_ENDPOINT_URL_S3": meter.address,
        }
        with (
            tempfile.TemporaryDirectory() as directory,
            running_stack(Path(directory), "real", variables) as stack,
        ):
            meter.point_at(stack.endpoints["aws_endpoint_url"])
            return _figures(stack, meter, _Logs(Path(directory) / "logs" / "functions"))


class _Logs:
    """What functions have written since the last look."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._seen: dict[Path, int] = {}

    def new(self) -> bytes:
        """Return the lines that came since the last call."""
        lines = []
        for path in sorted(self._directory.glob("*.log")):
            content = path.read_bytes()
            lines.append(content[self._seen.get(path, 0) :])
            self._seen[path] = len(content)
        return b"".join(lines)


def _figures(stack: RunningStack, meter: Meter, logs: _Logs) -> list[Figure]:
    texts = [case for case in cases("golden", Golden) if case.language != "en"]
    # Each text once: a second time its translation would come from the cache, for nothing.
    cheapest = [_send(stack, case, preferences={"cost": 1.0}) for case in texts[::2]]
    logs.new()
    meter.start_over()
    usual = [_send(stack, case) for case in texts[1::2]]
    aws = _aws(meter, logs.new(), len(usual))
    spoken = [_speak(stack, number) for number in range(SPOKEN)]
    return [
        _of_providers(f"text, the cheapest route: {_route(cheapest)}", cheapest),
        _of_providers(f"text, balanced: {_route(usual)}", usual),
        _of_providers(f"{SPOKEN_SECONDS} s of speech, balanced: {_route(spoken)}", spoken),
        *aws,
    ]


def _of_providers(name: str, answers: Sequence[Any]) -> Figure:
    thousand = sum(answer["cost_microusd"] for answer in answers) / len(answers) / 1000
    return Figure(name, thousand, "$/1,000", LIMIT_PER_THOUSAND, note=f"{len(answers)} inputs")


def _aws(meter: Meter, written: bytes, inputs: int) -> list[Figure]:
    """Price what the functions and machines of so many written inputs were seen to use."""
    lines = [json.loads(line) for line in written.splitlines() if line.startswith(b"{")]
    stages = [
        Stage(line["function_name"].split("-")[-2], int(line["function_memory_size"]), line["duration_ms"] / 1000)
        for line in lines
        if line["message"] in ("stage ended", "request ended")
    ]
    waited = sum(PROVIDER_SECONDS[name] for name in ("TranslateFunction", "SanitizeFunction"))
    api = [stage for stage in stages if stage.function == "ApiFunction"]
    run_seconds = sum(stage.seconds for stage in api) / inputs + waited
    gb_seconds = sum(stage.billed_seconds * stage.memory_mb / 1024 for stage in stages) / inputs
    # The API waits for its machine, and Lambda bills the wait.
    gb_seconds += waited * api[0].memory_mb / 1024 + AUTHORIZER_SECONDS / 2
    calls = {name: count / inputs for name, count in meter.units.items()}
    tables = calls.get("read", 0) * READ_UNIT + calls.get("write", 0) * WRITE_UNIT
    parts = {
        "Lambda": (len(stages) / inputs + 1) * LAMBDA_REQUEST + gb_seconds * LAMBDA_GB_SECOND,
        "Step Functions (Express)": EXPRESS_REQUEST + run_seconds * EXPRESS_GB * EXPRESS_GB_SECOND,
        "DynamoDB": tables,
        "HTTP API, events, S3, logs": HTTP_REQUEST
        + calls.get("AWSEvents PutEvents", 0) * EVENT
        + sum(calls.get(f"S3 {method}", 0) * price for method, price in S3_CALL.items())
        + len(written) / inputs * LOG_BYTE,
    }
    notes = {
        "Lambda": f"{len(stages) / inputs:.1f} invocations, {gb_seconds:.2f} GB-s",
        "DynamoDB": f"{calls.get('read', 0):.1f} read, {calls.get('write', 0):.1f} write units",
    }
    return [
        Figure("AWS for a text", sum(parts.values()) * 1000, "$/1,000", note="us-east-1, arm64, no free tier"),
        *(
            Figure(f"  of it {name}", price * 1000, "$/1,000", note=notes.get(name, ""))
            for name, price in parts.items()
        ),
    ]


def _send(stack: RunningStack, case: Golden, **more: Any) -> Any:
    body = {"text": case.text, "source_language": case.language, **more}
    return _answer(stack.api.post("/v1/inputs", json=body))


def _speak(stack: RunningStack, number: int) -> Any:
    text = (
        f"This is call number {number}. " + "My car was hit in the parking lot and I would like to make a claim. " * 5
    )
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", file.name], check=True, timeout=60)
        audio = Path(file.name).read_bytes()
    return _answer(
        stack.api.post("/v1/inputs", files={"audio": ("call.wav", audio, "audio/wav")}, data={"source_language": "es"})
    )


def _answer(response: Any) -> Any:
    if response.status_code != 200:
        raise RuntimeError(f"POST /v1/inputs answered {response.status_code}: {response.text[:500]}")
    return response.json()


def _route(answers: Sequence[Any]) -> str:
    """Name the providers of the first answer, in the order of their work."""
    stages = ("transcription", "translation", "sanitized")
    return ", ".join(answers[0][stage]["provider"] for stage in stages if answers[0].get(stage))
