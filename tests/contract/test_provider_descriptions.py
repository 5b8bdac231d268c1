"""What adapters send and doubles answer, held against the services' own machine-readable descriptions.

botocore brings those of Amazon. The others are megabytes that this repository does not carry: name the folder of
``elevenlabs-openapi.json`` and ``openai-openapi.yaml`` in ``INTAKE_PROVIDER_DESCRIPTIONS`` to have them read.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import get_session

from intake.providers.amazon.speech import BILINGUAL, VOICES
from intake.providers.amazon.transcription import FORMATS, LANGUAGES
from tests.doubles import amazon_server, elevenlabs_server, openai_answers, openai_contract
from tests.doubles.faults import Fault

FOLDER = "INTAKE_PROVIDER_DESCRIPTIONS"


@cache
def description(name: str) -> dict[str, Any]:
    path = Path(os.environ.get(FOLDER, "")) / name
    if not path.is_file():
        pytest.skip(f"{FOLDER} names no folder with {name}")
    text = path.read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    return read


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def assert_fits(value: dict[str, Any], name: str, document: dict[str, Any]) -> None:
    """Assert that an object has every property that its schema requires, and no other than it knows."""
    schema = document["components"]["schemas"][name]
    assert set(schema.get("required", ())) <= value.keys() <= schema["properties"].keys()


class TestElevenLabs:
    def described(self) -> dict[str, Any]:
        return description("elevenlabs-openapi.json")

    def body_of(self, path: str, media_type: str) -> dict[str, Any]:
        document = self.described()
        content = document["paths"][path]["post"]["requestBody"]["content"]
        return resolved(content[media_type]["schema"], document)

    def test_what_is_sent_to_be_heard_is_described(self) -> None:
        schema = self.body_of(elevenlabs_server.LISTEN, "multipart/form-data")

        for name, values in elevenlabs_server.SPEECH_TO_TEXT_FIELDS.items():
            allowed = schema["properties"][name].get("enum")
            assert values is None or allowed is None or values <= set(allowed)
        assert "file" in schema["properties"]
        assert schema["required"] == ["model_id"]

    def test_what_is_sent_to_be_spoken_is_described(self) -> None:
        document = self.described()
        path = "/v1/text-to-speech/{voice_id}"
        formats = next(
            each for each in document["paths"][path]["post"]["parameters"] if each["name"] == "output_format"
        )

        schema = self.body_of(path, "application/json")

        assert schema["properties"].keys() >= elevenlabs_server.TEXT_TO_SPEECH_FIELDS
        assert set(formats["schema"]["enum"]) >= elevenlabs_server.OUTPUT_FORMATS

    def test_the_doubles_transcript_is_one_of_the_service(self) -> None:
        document = self.described()

        answer = json.loads(
            elevenlabs_server.ElevenLabsDouble().answer("listen", {"seconds": 1.0}, None).body  # as on the wire
        )

        assert_fits(answer, "SpeechToTextChunkResponseModel", document)
        for word in answer["words"]:
            assert_fits(word, "SpeechToTextWordResponseModel", document)

    def test_the_doubles_answer_to_a_job_is_one_of_the_service(self) -> None:
        form = {"webhook": "true", "webhook_metadata": "{}", "seconds": 1.0}

        answer = json.loads(elevenlabs_server.ElevenLabsDouble().answer("listen", form, None).body)

        assert_fits(answer, "SpeechToTextWebhookResponseModel", self.described())

    def test_a_transcript_is_fetched_where_it_is_described(self) -> None:
        operation = self.described()["paths"]["/v1/speech-to-text/transcripts/{transcription_id}"]["get"]

        assert {"200", "404"} <= operation["responses"].keys()


class TestOpenAITranscription:
    def test_what_is_sent_is_described(self) -> None:
        schema = description("openai-openapi.yaml")["components"]["schemas"]["CreateTranscriptionRequest"]
        models = schema["properties"]["model"]["anyOf"][1]["enum"]

        assert schema["properties"].keys() >= openai_contract.TRANSCRIPTION_PROPERTIES
        assert set(models) >= openai_contract.TRANSCRIPTION_MODELS

    @pytest.mark.parametrize(
        ("model", "usage"),
        [
            ("gpt-transcribe", "TranscriptTextUsageDuration"),
            ("gpt-4o-mini-transcribe", "TranscriptTextUsageTokens"),
        ],
    )
    def test_the_doubles_transcript_is_one_of_the_service(self, model: str, usage: str) -> None:
        document = description("openai-openapi.yaml")

        answer = openai_answers.transcription({"model": model, "include": ["logprobs"]}, 1.5, None)

        assert_fits(answer, "CreateTranscriptionResponseJson", document)
        assert_fits(answer["usage"], usage, document)


class TestAmazon:
    def model(self, service: str) -> Any:
        return get_session().get_service_model(service)

    def test_what_is_sent_to_translate_is_described(self) -> None:
        operation = self.model("translate").operation_model("TranslateText")

        assert set(operation.input_shape.members) == amazon_server.TRANSLATE_MEMBERS
        assert set(operation.output_shape.required_members) == {
            "TranslatedText",
            "SourceLanguageCode",
            "TargetLanguageCode",
        }

    def test_what_is_sent_to_polly_is_described(self) -> None:
        members = self.model("polly").operation_model("SynthesizeSpeech").input_shape.members

        for name, values in amazon_server.SPEECH_MEMBERS.items():
            allowed = members[name].metadata.get("enum")
            assert values is None or not allowed or values <= set(allowed)
        assert set(VOICES.values()) <= set(members["VoiceId"].metadata["enum"])
        codes = {code for languages in BILINGUAL.values() for code in languages.values()}
        assert codes <= set(members["LanguageCode"].metadata["enum"])

    def test_what_is_sent_to_transcribe_is_described(self) -> None:
        operation = self.model("transcribe").operation_model("StartTranscriptionJob")
        members = operation.input_shape.members

        assert set(members) >= amazon_server.START_MEMBERS
        assert set(members["MediaFormat"].enum) >= set(FORMATS.values())
        assert set(members["LanguageCode"].enum) >= set(LANGUAGES.values())

    def test_the_doubles_job_is_one_of_the_service(self) -> None:
        operation = self.model("transcribe").operation_model("GetTranscriptionJob")
        job = operation.output_shape.members["TranscriptionJob"].members
        double = amazon_server.AmazonDouble()
        media = {"MediaFormat": "wav", "Media": {"MediaFileUri": "s3://b/k"}}

        answer = json.loads(double.answer("start", {"TranscriptionJobName": "j", **media}, None).body)

        assert answer["TranscriptionJob"].keys() <= job.keys()

    def test_the_doubles_errors_carry_their_name_as_the_protocols_have_it(self) -> None:
        response = amazon_server.AmazonDouble().error_of(Fault.amazon(400, "ThrottlingException"))

        assert response.headers["x-amzn-errortype"] == "ThrottlingException"
        assert json.loads(response.body)["__type"] == "ThrottlingException"
