"""POST and GET /v1/inputs, as API Gateway calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake.errors import ConfigurationError, TransientError
from intake.inputs.model import InputError
from intake.inputs.results import Failure
from intake.machines import Run, RunStatus
from tests.unit.api.double import ROOT, Api, FakeServices, LambdaContext, resolved

SPANISH = "Hola, tengo un reclamo por los daños del agua en mi cocina."
UPLOAD = {"filename": "call.m4a", "content_type": "audio/mp4", "size": 1_000_000}
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(60)


def form(audio: bytes, *, name: str = "voice.wav", media_type: str = "audio/wav", **fields: str) -> dict[str, Any]:
    boundary = "intake-test-boundary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="audio"; filename="{name}"\r\n'
    head += f"Content-Type: {media_type}\r\n\r\n"
    parts.append(head.encode() + audio + f"\r\n--{boundary}--\r\n".encode())
    return {"body": b"".join(parts), "headers": {"content-type": f"multipart/form-data; boundary={boundary}"}}


def test_a_text_comes_back_as_english(api: Api) -> None:
    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.body["status"] == "completed"
    assert answer.body["text"] == SPANISH
    assert answer.body["source_language"] == "es"
    assert answer.body["translation"]["text"] == "Hello, I have a claim."
    assert answer.body["intent"]["label"] == "claim"


def test_the_sample_event_is_answered(api: Api) -> None:
    import app as application

    event = json.loads((ROOT / "events" / "ApiFunction.json").read_text())

    assert application.handler(event, LambdaContext())["statusCode"] == 200


def test_an_identical_text_is_answered_without_a_run(api: Api, services: FakeServices) -> None:
    first = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})
    second = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})

    assert second.status == 200
    assert second.body["id"] == first.body["id"]
    assert second.body["cache"] == "hit"
    assert second.body["cost_microusd"] == 0
    assert len(services.machines.runs) == 1
    assert len(services.inputs.records) == 1


def test_another_tenant_does_not_get_the_cached_answer(api: Api, services: FakeServices) -> None:
    first = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})
    second = api.call("POST", "/v1/inputs", json_body={"text": SPANISH}, tenant="other")

    assert second.body["id"] != first.body["id"]
    assert len(services.machines.runs) == 2


def test_a_caller_who_would_rather_not_wait_gets_202(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH}, headers={"Prefer": "respond-async, wait=5"})

    assert answer.status == 202
    assert answer.body == {"id": answer.body["id"], "status": "received"}
    assert resolved("/v1/inputs", answer) == f"/v1/inputs/{answer.body['id']}"
    assert answer.headers["preference-applied"] == "respond-async"
    assert services.machines.starts == [{"tenant": "acme", "input_id": answer.body["id"], "has_audio": False}]
    assert services.machines.runs == []


def test_a_run_that_outlasts_the_request_goes_on_behind_202(api: Api, services: FakeServices) -> None:
    services.machines.on_run = lambda command: Run(RunStatus.RUNNING)

    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})

    assert answer.status == 202
    assert resolved("/v1/inputs", answer) == f"/v1/inputs/{answer.body['id']}"
    assert api.call("GET", resolved("/v1/inputs", answer)).body["status"] == "received"


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        ("ProvidersUnavailableError", 503, "providers-unavailable"),
        ("BudgetExceededError", 402, "budget-exceeded"),
        ("UnsupportedInputError", 422, "unsupported-input"),
        ("IntakeError", 500, "intake"),
        ("Runtime.ExitError", 500, "failed"),
    ],
)
def test_a_failed_run_is_answered_by_the_error_that_was_recorded(
    api: Api, services: FakeServices, error: str, status: int, slug: str
) -> None:
    failure = InputError(
        error=error,
        detail="No provider could do it.",
        failures=(Failure(provider="flash", error="ProviderTimeoutError"),),
        failed_at=services.clock.now(),
    )
    services.machines.on_run = lambda command: services.fail(command, failure)

    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("retry-after") == ("60" if status == 503 else None)
    assert answer.body["type"] == f"urn:problem-type:intake:{slug}"
    assert answer.body["detail"] == "No provider could do it."
    assert answer.body["failures"] == ["flash: A provider took too long"]
    assert api.call("GET", f"/v1/inputs/{answer.body['input_id']}").body["status"] == "failed"


@pytest.mark.parametrize("error", ["States.Timeout", "States.QueryEvaluationError", None])
def test_a_run_that_was_cut_off_is_a_problem_and_its_input_does_not_look_as_if_it_were_worked_on(
    api: Api, services: FakeServices, error: str | None
) -> None:
    services.machines.on_run = lambda command: Run(RunStatus.FAILED, error)

    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})

    assert answer.status == 500
    assert answer.body["type"] == "urn:problem-type:intake:intake"
    kept = api.call("GET", f"/v1/inputs/{answer.body['input_id']}").body
    assert (kept["status"], kept["error"]["detail"]) == ("failed", answer.body["detail"])
    assert services.events.types == ["input.failed"]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_an_input_whose_machine_cannot_be_started_does_not_look_as_if_it_were_worked_on(
    api: Api, services: FakeServices, asynchronous: bool
) -> None:
    def refuse(_command: object) -> Run:
        raise TransientError("Send the request again.")

    services.machines.on_run = refuse
    services.machines.on_start = refuse
    headers = {"prefer": "respond-async"} if asynchronous else {}

    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH}, headers=headers)

    assert answer.status == 503
    assert answer.headers["retry-after"] == "60"
    assert [record.status.value for record in services.inputs.records.values()] == ["failed"]


def test_a_machine_that_is_not_set_up_is_said(api: Api, services: FakeServices) -> None:
    def refuse(_command: object) -> Run:
        raise ConfigurationError("No state machine is set.")

    services.machines.on_run = refuse

    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})

    assert answer.status == 503
    assert answer.body["type"] == "urn:problem-type:intake:configuration"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "a" * 5001}, "text"),
        ({"text": "12345 !?"}, "text"),
        ({"text": "binary \x00\x01"}, "text"),
        ({"text": 5}, "text"),
        ({"text": True}, "text"),
        ({"text": None}, "text"),
        ({"text": ["hola"]}, "text"),
        ({}, "text"),
        ({"text": "hola", "source_language": "klingon"}, "source_language"),
        ({"text": "hola", "source_language": 7}, "source_language"),
        ({"text": "hola", "target_language": "de"}, "target_language"),
        ({"text": "hola", "langauge": "es"}, "langauge"),
        ({"text": "hola", "preferences": {"cost": 2}}, "preferences.cost"),
        ({"text": "hola", "preferences": {"cost": True}}, "preferences.cost"),
        ({"text": "hola", "context": {"history": [{"text": 1}]}}, "context.history.0.text"),
        ({"text": "hola", "context": []}, "context"),
        ([], "body"),
        ("hola", "body"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_with_a_remedy(
    api: Api, services: FakeServices, body: object, field: str
) -> None:
    answer = api.call("POST", "/v1/inputs", json_body=body)

    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["request_id"] == "JKJaXmPLvHcESHA="
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert answer.body["errors"][0]["message"].endswith(".")
    assert services.inputs.records == {}


def test_5000_characters_are_taken(api: Api) -> None:
    assert api.call("POST", "/v1/inputs", json_body={"text": "ñ" * 5000}).status == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (None, "application/json", 400),
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"text": "hola"', "application/json", 400),
        (b'{"text": "hol\xe1"}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        ('{"text": "hol\N{REPLACEMENT CHARACTER}"}'.encode(), "application/json", 400),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "application/json", 400),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png", 415),
        (b"text=hola", "application/x-www-form-urlencoded", 415),
        (b'{"text": "' + b"a" * 300_000 + b'"}', "application/json", 413),
        (b"[" * 100_000, "application/json", 400),
        (b"--x", "multipart/form-data", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    api: Api, services: FakeServices, body: bytes | None, content_type: str, status: int
) -> None:
    answer = api.call("POST", "/v1/inputs", body=body, headers={"content-type": content_type})

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["detail"].endswith(".")
    assert services.inputs.records == {}


def test_no_problem_repeats_the_text_of_the_caller(api: Api) -> None:
    answer = api.call("POST", "/v1/inputs", json_body={"text": 5, "secret": "my card is 4111 1111 1111 1111"})

    assert "4111" not in answer.text


def test_a_recording_is_kept_and_processed(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/inputs", **form(WAV, source_language="en", context='{"user_id": "member-7"}'))

    assert answer.status == 200
    stored = services.stored(answer.body["id"])
    assert stored.audio is not None
    assert stored.audio.media_type == "audio/wav"
    assert stored.declared_language == "en"
    assert stored.context.user_id == "member-7"
    assert services.objects.contents["audio", stored.audio.key] == WAV
    assert services.machines.runs == [{"tenant": "acme", "input_id": stored.id, "has_audio": True}]


def test_a_recording_is_not_kept_where_an_upload_would_start_a_second_run(api: Api, services: FakeServices) -> None:
    api.call("POST", "/v1/inputs", **form(WAV))

    assert [key.split("/")[:2] for _bucket, key in services.objects.contents] == [["requests", "acme"]]


@pytest.mark.parametrize("declared", ["application/octet-stream", "audio/x-wav"])
def test_the_kind_of_a_recording_is_told_by_its_name_where_its_type_is_not(
    api: Api, services: FakeServices, declared: str
) -> None:
    answer = api.call("POST", "/v1/inputs", **form(WAV, media_type=declared))

    audio = services.stored(answer.body["id"]).audio
    assert audio is not None
    assert audio.media_type == "audio/wav"


@pytest.mark.parametrize(
    ("request_body", "field", "status"),
    [
        (form(b""), "audio", 422),
        (form(WAV, name="notes.txt", media_type="text/plain"), "audio", 422),
        (form(bytes(6 * 1024 * 1024 + 1)), "audio", 413),
        (form(WAV, source_language="klingon"), "source_language", 422),
        (form(WAV, context="{"), "context", 422),
        (form(WAV, context="[]"), "context", 422),
        (form(WAV, noise_reduction="yes"), "noise_reduction", 422),
        (form(WAV, context="[" * 100_000), "context", 422),
        (form(WAV, noise_reduction="1"), "noise_reduction", 422),
        (form(WAV, colour="red"), "colour", 422),
    ],
)
def test_what_is_wrong_with_a_recording_is_said(
    api: Api, services: FakeServices, request_body: dict[str, Any], field: str, status: int
) -> None:
    answer = api.call("POST", "/v1/inputs", **request_body)

    assert answer.status == status
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert services.objects.contents == {}
    assert services.inputs.records == {}


def test_noise_reduction_is_asked_for_in_the_form(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/inputs", **form(WAV, noise_reduction="true"))

    audio = services.stored(answer.body["id"]).audio
    assert audio is not None
    assert audio.noise_reduction


def test_a_long_recording_gets_its_input_and_the_form_for_its_file(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/inputs/uploads", json_body=UPLOAD)

    assert answer.status == 201
    assert answer.headers["location"] == f"/v1/inputs/{answer.body['id']}"
    assert (answer.body["status"], answer.body["error"]) == ("received", None)
    assert answer.body["upload"]["url"] == "https://audio.example/"
    assert answer.body["upload"]["fields"]["key"] == f"uploads/acme/{answer.body['id']}/call.m4a"
    assert api.call("GET", answer.headers["location"]).body["status"] == "received"
    assert (services.machines.runs, services.machines.starts) == ([], [])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"filename": "a/b.wav"}, "filename"),
        ({"content_type": "application/pdf"}, "content_type"),
        ({"size": 300_000_000}, "size"),
        ({"size": "big"}, "size"),
        ({"noise_reduction": "yes"}, "noise_reduction"),
        ({"tenant": "other"}, "tenant"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said(
    api: Api, services: FakeServices, change: dict[str, Any], field: str
) -> None:
    answer = api.call("POST", "/v1/inputs/uploads", json_body=UPLOAD | change)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert services.inputs.records == {}


def test_a_viewer_may_not_upload(api: Api) -> None:
    assert api.call("POST", "/v1/inputs/uploads", json_body=UPLOAD, role="viewer").status == 403


def test_an_upload_that_never_came_says_so(api: Api, services: FakeServices) -> None:
    place = api.call("POST", "/v1/inputs/uploads", json_body=UPLOAD).headers["location"]
    services.clock.advance(hours=1, seconds=1)

    told = api.call("GET", place).body

    assert told["status"] == "failed"
    assert told["error"]["type"] == "unsupported-input"
    assert "Ask for another upload" in told["error"]["detail"]


def test_a_form_without_a_file_is_a_problem(api: Api) -> None:
    boundary = "x"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="audio"\r\n\r\nhello\r\n--{boundary}--\r\n'.encode()

    answer = api.call(
        "POST", "/v1/inputs", body=body, headers={"content-type": f"multipart/form-data; boundary={boundary}"}
    )

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == ["audio"]


def test_inputs_are_listed_newest_first_page_by_page(api: Api, services: FakeServices) -> None:
    made = []
    for number in range(5):
        services.age()
        made.append(api.call("POST", "/v1/inputs", json_body={"text": f"{SPANISH} {number}"}).body["id"])

    first = api.call("GET", "/v1/inputs", query={"limit": 3}).body
    second = api.call("GET", "/v1/inputs", query={"limit": 3, "cursor": first["next_cursor"]}).body

    assert [item["id"] for item in first["items"] + second["items"]] == list(reversed(made))
    assert second["next_cursor"] is None
    assert all("text" not in item for item in first["items"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"page": 2}, "page"),
        ({"cursor": "?"}, "cursor"),
    ],
)
def test_a_list_says_what_is_wrong_with_its_query(api: Api, query: dict[str, object], field: str) -> None:
    answer = api.call("GET", "/v1/inputs", query=query)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]


@pytest.mark.parametrize("input_id", ["inp_unknown", "nonsense", "inp_" + "a" * 5000, "..", "inp_1%00"])
def test_an_unknown_id_is_not_found(api: Api, input_id: str) -> None:
    answer = api.call("GET", f"/v1/inputs/{input_id}")

    assert answer.status == 404
    assert answer.body["type"] == "urn:problem-type:intake:not-found"


def test_another_tenants_input_is_not_found(api: Api) -> None:
    made = api.call("POST", "/v1/inputs", json_body={"text": SPANISH}).body["id"]

    assert api.call("GET", f"/v1/inputs/{made}").status == 200
    assert api.call("GET", f"/v1/inputs/{made}", tenant="other").status == 404
    assert api.call("GET", "/v1/inputs", tenant="other").body["items"] == []


class TestAbandonedRuns:
    def begun(self, api: Api, services: FakeServices, headers: dict[str, str] | None = None) -> str:
        """Begin a run that outlives the wait for it, and record nothing more."""
        services.machines.on_run = lambda command: Run(RunStatus.RUNNING)
        answer = api.call("POST", "/v1/inputs", json_body={"text": "Hola, tengo un reclamo."}, headers=headers)
        assert answer.status == 202
        return resolved("/v1/inputs", answer)

    def test_one_that_nobody_ended_is_ended_by_who_reads_it(self, api: Api, services: FakeServices) -> None:
        location = self.begun(api, services)
        services.clock.advance(minutes=5, seconds=1)

        shown = [api.call("GET", location, role="viewer").body for _ in range(2)]

        assert [body["status"] for body in shown] == ["failed", "failed"]
        assert shown[0]["error"]["detail"]
        assert services.events.types == ["input.failed"]

    def test_one_that_may_still_be_running_is_left_alone(self, api: Api, services: FakeServices) -> None:
        location = self.begun(api, services)
        services.clock.advance(minutes=4, seconds=59)

        assert api.call("GET", location).body["status"] == "received"
        assert services.events.published == []

    def test_a_run_of_the_standard_machine_is_ended_by_the_event_of_its_end(
        self, api: Api, services: FakeServices
    ) -> None:
        location = self.begun(api, services, {"prefer": "respond-async"})
        services.clock.advance(hours=1)

        assert api.call("GET", location).body["status"] == "received"

    def test_a_result_that_came_in_time_stays(self, api: Api, services: FakeServices) -> None:
        location = self.begun(api, services)
        services.finish({"tenant": "acme", "input_id": location.rpartition("/")[2]})
        services.clock.advance(hours=1)

        assert api.call("GET", location).body["status"] == "completed"
