"""Erasure on the real stack: words go in by every way there is, and no trace of them is found afterwards."""

from __future__ import annotations

import json
import random
import string
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from intake.tenancy.api_keys import Role
from tests.doubles.elevenlabs_server import HEARD
from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import Machines
from tests.machines.test_voice import UPLOAD, voice
from tests.support.batches import Batches
from tests.support.tenants import Tenant, new_tenant, until
from tests.support.traces import traces

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]

PHRASE = "Quiero presentar una reclamación."
"""The double knows it well enough for the whole answer to be kept for identical inputs."""


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}", Role.ADMIN)


class Markers:
    """Words that occur nowhere else, by the way on which each goes in."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def __getitem__(self, way: str) -> str:
        return self.words.setdefault(way, "zq" + "".join(random.choices(string.ascii_lowercase, k=12)))


@pytest.fixture
def markers() -> Markers:
    return Markers()


def erased(tenant: Tenant, answer: httpx.Response) -> Any:
    """Return an erasure when it is complete."""
    assert answer.status_code in (200, 202), answer.text

    def look() -> Any:
        shown = tenant.api.get(f"/v1/erasures/{answer.json()['id']}").json()
        return shown if shown["status"] == "erased" else None

    return until(look, "the end of an erasure")


def with_words(audio: bytes, words: str) -> bytes:
    """Return a WAV file with words in it, as a recorder writes them beside the sound."""
    note = words.encode().ljust(len(words) + len(words) % 2, b"\0")
    chunk = b"INFOICMT" + len(note).to_bytes(4, "little") + note
    body = audio[8:] + b"LIST" + len(chunk).to_bytes(4, "little") + chunk
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def written(tenant: Tenant, markers: Markers) -> None:
    """Send texts, waited for or not, with words in every field that takes some."""
    context = {
        "user_id": f"{markers['user']}@example.com",
        "conversation_id": markers["conversation"],
        "history": [{"role": "agent", "text": f"¿Habla de {markers['history']}?"}, f"Sí, {markers['turn']}."],
        "domain": markers["domain"],
    }
    secret = f"Mi correo es {markers['secret']}@example.com."
    for text in (f"¿Cubre mi póliza {markers['text']}? {secret}", PHRASE):
        tenant.understand(json={"text": text, "source_language": "es", "context": context})
    later = {"text": f"No me pagan {markers['later']}.", "source_language": "es", "context": context}
    answer = tenant.api.post("/v1/inputs", json=later, headers={"prefer": "respond-async"})
    assert answer.status_code == 202, answer.text


def failed(machines: Machines, tenant: Tenant, markers: Markers) -> None:
    """Send a text that no provider translates."""
    machines.double.fail(Fault(kind=Kind.REFUSAL, times=None))
    context = {"user_id": f"{markers['user']}@example.com"}
    answer = tenant.api.post(
        "/v1/inputs", json={"text": f"Tengo {markers['failed']}.", "source_language": "es", "context": context}
    )
    assert answer.status_code == 503, answer.text
    machines.double.clear_faults()


def spoken(tenant: Tenant, markers: Markers) -> None:
    """Send a recording, and drop a recording, a text and something else into the bucket."""
    user = f'{{"user_id": "{markers["user"]}@example.com"}}'
    said = with_words(voice(210), markers["recording"])
    tenant.understand(files={"audio": ("call.wav", said, "audio/wav")}, data={"source_language": "es", "context": user})
    tenant.drop("call.wav", with_words(voice(230), markers["upload"]), bucket="AudioBucket")
    tenant.drop("note.txt", f"I lost {markers['note']} and want to file a claim.".encode(), bucket="AudioBucket")
    tenant.drop("claim.pdf", f"%PDF-1.7 {markers['unreadable']}".encode(), bucket="AudioBucket")


def announced(tenant: Tenant, markers: Markers) -> None:
    """Announce a recording, and post it to the input that awaits it."""
    context = {"user_id": f"{markers['user']}@example.com"}
    awaiting = tenant.api.post("/v1/inputs/uploads", json=UPLOAD | {"context": context})
    assert awaiting.status_code == 201, awaiting.text
    said = with_words(voice(250), markers["announced"])
    assert tenant.post_file(awaiting.json() | UPLOAD, said).status_code == 204


def answered(tenant: Tenant) -> None:
    """Have an answer to an input spoken, whose sound is kept for a repetition."""
    body = {"text": "We will call you.", "language": "en", "input_id": tenant.inputs()[0]["id"]}
    spoken = tenant.api.post("/v1/speech", json=body)
    assert spoken.status_code == 200, spoken.text


def kept_of(machines: Machines, tenant: Tenant) -> list[str]:
    """Return the cache lines and objects of a tenant, whatever is in them: all of its lines are of its inputs."""
    stack = machines.stack
    pages = (
        stack.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=stack.outputs["GatewayTable"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"{tenant.name}#cache"}},
        )
    )
    lines = [f"line {item['sk']['S']}" for page in pages for item in page["Items"]]
    versions = stack.client("s3").list_object_versions(Bucket=stack.outputs["AudioBucket"])
    keys = [entry["Key"] for name in ("Versions", "DeleteMarkers") for entry in versions.get(name, [])]
    return lines + [key for key in keys if f"/{tenant.name}/" in key]


def listed(tenant: Tenant, markers: Markers) -> None:
    """Send a batch: a line that is worked on, and one that is refused."""
    user = {"user_id": f"{markers['user']}@example.com"}
    good = {"text": f"No me pagan {markers['line']}.", "source_language": "es", "context": user}
    bad = {"text": f"No me pagan {markers['line']}.", "source_language": "klingon", "context": user}
    batches = Batches(tenant)
    batch = batches.run("\n".join(json.dumps(line) for line in (good, bad)).encode())
    assert (batch["completed"], batch["failed"]) == (1, 1)


def done(tenant: Tenant) -> list[str]:
    return [item["id"] for item in tenant.inputs() if item["status"] in ("completed", "failed")]


def test_no_trace_is_left_of_what_was_erased(machines: Machines, tenant: Tenant, markers: Markers) -> None:
    stack = machines.stack
    written(tenant, markers)
    failed(machines, tenant, markers)
    spoken(tenant, markers)
    listed(tenant, markers)
    announced(tenant, markers)
    until(lambda: len(done(tenant)) == 10 or None, "the end of all inputs")
    answered(tenant)
    everywhere = traces(stack, list(markers.words.values()))
    for way, word in markers.words.items():
        assert any(place.endswith(word) for place in everywhere), (
            f"what came by {way} was never there: the test is blind"
        )
    assert {place.split(" ")[0] for place in everywhere} == {
        stack.outputs["InteractionsTable"],
        stack.outputs["GatewayTable"],
        stack.outputs["AudioBucket"],
    }, "words are kept where docs/privacy.md does not say so"
    heard = [place for place in traces(stack, [" ".join(HEARD)]) if f" {tenant.name}#" in place]
    assert heard, "the transcript was never there"
    assert kept_of(machines, tenant)

    by_user = erased(tenant, tenant.api.post("/v1/erasures", json={"user_id": f"{markers['user']}@example.com"}))
    for item in tenant.inputs():
        erased(tenant, tenant.api.delete(f"/v1/inputs/{item['id']}"))

    assert by_user["inputs"] == 7
    assert all(by_user["removed"].values()), by_user
    assert traces(stack, list(markers.words.values())) == []
    assert [place for place in traces(stack, [" ".join(HEARD)]) if f" {tenant.name}#" in place] == []
    assert kept_of(machines, tenant) == []
    assert tenant.inputs() == []


def test_an_input_that_is_erased_while_it_is_worked_on_leaves_nothing(
    machines: Machines, tenant: Tenant, markers: Markers
) -> None:
    machines.double.fail(Fault(kind=Kind.SLOW, route="chat", times=1, delay_seconds=2))
    body = {"text": f"¿Cubre mi póliza {markers['text']}?", "source_language": "es"}
    begun = tenant.api.post("/v1/inputs", json=body, headers={"prefer": "respond-async"}).json()
    until(lambda: machines.double.counts()["calls"] or None, "the call of a provider")

    erasure = erased(tenant, tenant.api.delete(f"/v1/inputs/{begun['id']}"))

    assert erasure["removed"]["cache_lines"] == 1, "the answer came after the first pass"
    assert tenant.api.get(f"/v1/inputs/{begun['id']}").status_code == 410
    assert traces(machines.stack, list(markers.words.values())) == []
    assert machines.double.counts()["calls"] == 1, "nothing is sent to a provider any more"
    machine = machines.stack.outputs["InputStandardMachine"].replace(":stateMachine:", ":execution:")
    run = machines.stack.client("stepfunctions").describe_execution(executionArn=f"{machine}:{begun['id']}")
    assert run["status"] == "ABORTED"


def test_a_caller_who_waits_for_an_input_that_is_erased_meanwhile_is_told(
    machines: Machines, tenant: Tenant, markers: Markers
) -> None:
    machines.double.fail(Fault(kind=Kind.SLOW, route="chat", times=1, delay_seconds=2))
    body = {"text": f"¿Cubre mi póliza {markers['text']}?", "source_language": "es"}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tenant.api.post, "/v1/inputs", json=body)
        until(lambda: machines.double.counts()["calls"] or None, "the call of a provider")
        erasure = erased(tenant, tenant.api.delete(f"/v1/inputs/{tenant.inputs()[0]['id']}"))

    assert waiting.result().status_code == 410, waiting.result().text
    assert erasure["status"] == "erased"
    assert traces(machines.stack, list(markers.words.values())) == []
