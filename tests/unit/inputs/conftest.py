"""An input on its way: records, a gateway of scripted providers, and stores in memory."""

from __future__ import annotations

from typing import Any

import pytest

from intake.gateway.jobs import Jobs
from intake.gateway.prices import PriceList
from intake.inputs.acceptance import InputRequest, accept_text
from intake.inputs.commands import ProviderCommand, StageCommand
from intake.inputs.model import AudioSource, Input, Stage
from intake.inputs.results import (
    AudioMeasures,
    Detection,
    Plan,
    PreparedAudio,
    Sanitization,
    Transcription,
    TranslationResult,
)
from intake.inputs.sanitization_rules import sanitize_by_rules
from intake.money import Usage
from intake.providers.embedded.rules import RulesEngine
from intake.providers.ports import Capability, Completion, ProviderKind, Reply, Transcript, Translation
from intake.settings import ProviderMode
from tests.fakes.clock import FakeClock
from tests.fakes.events import MemoryEvents
from tests.fakes.experiments import MemoryExperiments
from tests.fakes.feedback import MemoryOfTranslations
from tests.fakes.inputs import MemoryFiles, MemoryInputs, MemoryResults
from tests.fakes.jobs import MemoryJobs, ScriptedService
from tests.fakes.providers import GatewayBench, ScriptedProvider

TENANT, INPUT_ID = "acme", "inp_1"
ROBBERY = "¿Cubre la póliza el robo? Nadie contesta desde el 3 de marzo."

GOOD = AudioMeasures(
    duration_seconds=4.2,
    peak_dbfs=-6.0,
    loudness_dbfs=-21.5,
    clipped_share=0.0,
    snr_db=32.0,
    speech_share=0.7,
    silence_share=0.2,
)
"""What a clear recording measures."""


class Listener(ScriptedProvider):
    """A scripted provider that keeps what it was asked, and whose answer and ability may change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests: list[Any] = []
        self.largest: Usage | None = None

    def call(self, request: object) -> Reply[Any]:
        self.requests.append(request)
        return super().call(request)

    def largest_usage(self, request: object) -> Usage:
        return self.largest or super().largest_usage(request)

    def will_answer(self, answer: Any) -> None:
        self._answer = answer

    def cannot(self, obstacle: str) -> None:
        self._obstacle = obstacle

    def lacks(self, missing: str) -> None:
        self._missing = missing


class Desk:
    """Everything one input needs to be worked on, and shortcuts to put it at any stage."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.inputs = MemoryInputs(self.clock)
        self.results = MemoryResults()
        self.events = MemoryEvents()
        self.memory = MemoryOfTranslations(self.clock)
        self.experiments = MemoryExperiments()
        self.files = MemoryFiles()
        self.translator = Listener("flash", model="gemini-3.5-flash-lite")
        self.second_translator = Listener("openai")
        self.model = Listener("openai", capability=Capability.COMPLETE)
        self.transcriber = Listener(
            "pocketsphinx", capability=Capability.TRANSCRIBE, kind=ProviderKind.EMBEDDED, model="en-us"
        )
        self.bench = GatewayBench(
            [
                self.translator,
                self.second_translator,
                self.model,
                self.transcriber,
                RulesEngine({"sanitize": sanitize_by_rules}),
            ],
            mode=ProviderMode.HYBRID,
            clock=self.clock,
        )
        self.gateway = self.bench.gateway
        self.service = ScriptedService()
        self.store = MemoryJobs()
        self.jobs = Jobs(
            [self.service],
            store=self.store,
            breaker=self.bench.breaker,
            budget=self.bench.budget,
            prices=PriceList(),
            clock=self.clock,
            patience_seconds=600,
        )

    def add(self, text: str = ROBBERY, **fields: Any) -> Input:
        """Store an input as it was accepted."""
        request = InputRequest.model_validate({"text": text} | fields)
        record = accept_text(request, tenant=TENANT, input_id=INPUT_ID, now=self.clock.now())
        self.inputs.create(record)
        return record

    def add_recording(self, audio: bytes = b"RIFF", language: str = "auto", **source_fields: Any) -> Input:
        """Store a spoken input and its audio."""
        self.files.files["audio", "a.wav"] = audio
        source = AudioSource(bucket="audio", key="a.wav", media_type="audio/wav", size=len(audio), **source_fields)
        now = self.clock.now()
        record = accept_text(InputRequest(text="x"), tenant=TENANT, input_id=INPUT_ID, now=now)
        record = record.model_copy(
            update={"received_text": None, "audio": source, "declared_language": language, "fingerprint": None}
        )
        self.inputs.create(record)
        return record

    def prepared(self, audio: bytes = b"RIFF prepared", **fields: Any) -> None:
        """Keep what the stage PrepareAudio makes of a good recording."""
        self.files.files["audio", "prepared/a.wav"] = audio
        self.keep(
            Stage.PREPARE_AUDIO,
            PreparedAudio.model_validate(
                {
                    "bucket": "audio",
                    "key": "prepared/a.wav",
                    "media_type": "audio/wav",
                    "size": len(audio),
                    "measures": GOOD,
                }
                | fields
            ),
        )

    def detected(self, language: str = "es") -> None:
        self.keep(Stage.DETECT_LANGUAGE, Detection(language=language, confidence=0.98, declared=False))

    def heard(self, text: str, language: str = "en", confidence: float | None = 0.8) -> None:
        self.keep(
            Stage.TRANSCRIBE,
            Transcription(
                provider="pocketsphinx", text=text, language=language, confidence=confidence, duration_seconds=3
            ),
        )

    def translated(self, text: str, **fields: Any) -> None:
        self.keep(Stage.TRANSLATE, TranslationResult.model_validate({"provider": "flash", "text": text} | fields))

    def passed_on(self) -> None:
        self.keep(Stage.PLAN_TRANSLATION, Plan(needed=False, reason="The text is in English already."))

    def cleaned(self, text: str, **fields: Any) -> None:
        self.keep(Stage.SANITIZE, Sanitization.model_validate({"provider": "rules", "text": text} | fields))

    def keep(self, stage: Stage, result: Any) -> None:
        self.inputs.keep(TENANT, INPUT_ID, stage, result)

    @property
    def record(self) -> Input:
        return self.inputs.get(TENANT, INPUT_ID)

    def will_translate(self, text: str, **fields: Any) -> None:
        self.translator.will_answer(Translation.model_validate({"text": text} | fields))

    def will_clean(self, text: str, *modifications: dict[str, str]) -> None:
        self.model.will_answer(Completion(answer={"text": text, "modifications": list(modifications)}))

    def will_hear(self, text: str, language: str = "en") -> None:
        self.transcriber.will_answer(Transcript(text=text, language=language, confidence=0.8, duration_seconds=2.5))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def stage_command() -> StageCommand:
    return StageCommand(tenant=TENANT, input_id=INPUT_ID)


def provider_command(provider: str, *failed: tuple[str, str]) -> ProviderCommand:
    return ProviderCommand.model_validate(
        {
            "tenant": TENANT,
            "input_id": INPUT_ID,
            "provider": provider,
            "attempt": len(failed),
            "failures": [{"provider": name, "error": error} for name, error in failed],
        }
    )
