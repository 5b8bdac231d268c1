"""The stages of an input that ask providers: which capability each is about, and which stage plans it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from intake.inputs.model import Stage
from intake.providers.ports import Capability


class ProviderStages(NamedTuple):
    """Two stages of one capability: ``plan`` chooses the providers that ``work`` asks."""

    capability: Capability
    plan: Stage
    work: Stage


_ALL = (
    ProviderStages(Capability.TRANSCRIBE, Stage.PLAN_TRANSCRIPTION, Stage.TRANSCRIBE),
    ProviderStages(Capability.TRANSLATE, Stage.PLAN_TRANSLATION, Stage.TRANSLATE),
    ProviderStages(Capability.COMPLETE, Stage.PLAN_SANITIZATION, Stage.SANITIZE),
)
BY_CAPABILITY: Mapping[Capability, ProviderStages] = {pair.capability: pair for pair in _ALL}
BY_PLAN: Mapping[Stage, ProviderStages] = {pair.plan: pair for pair in _ALL}
BY_WORK: Mapping[str, ProviderStages] = {pair.work.value: pair for pair in _ALL}
