"""POST /v1/quality judges any translation as ours are judged, and keeps nothing."""

from __future__ import annotations

import pytest

from tests.unit.api.double import Answer, Api, FakeServices

SOURCE = "No quiero cancelar mi póliza número 48213, pagué 120 dólares el 3 de mayo."


def judge(api: Api, **body: object) -> Answer:
    return api.call("POST", "/v1/quality", json_body={"source_text": SOURCE} | body, role="viewer")


def test_a_faithful_translation_is_found_good(api: Api) -> None:
    answer = judge(api, target_text="I do not want to cancel my policy number 48213, I paid 120 dollars on May 3.")

    assert answer.status == 200
    assert answer.body["level"] in ("good", "excellent")
    assert answer.body["requires_human_review"] is False
    assert (answer.body["detection"]["language"], answer.body["detection"]["declared"]) == ("es", False)


@pytest.mark.parametrize(
    ("target", "component"),
    [
        ("I want to cancel my policy number 48213, I paid 120 dollars on May 3.", "negations"),
        ("I do not want to cancel my policy number 48231, I paid 120 dollars on May 3.", "numbers"),
    ],
)
def test_what_is_lost_or_changed_asks_for_a_person(api: Api, target: str, component: str) -> None:
    body = judge(api, target_text=target).body

    assert body["components"][component] < 1
    assert body["requires_human_review"] is True
    assert body["score"] <= 0.55


def test_a_declared_language_that_the_text_is_not_in_is_doubted(api: Api) -> None:
    body = judge(api, target_text="I do not want to cancel my policy number 48213.", source_language="de").body

    assert "The declared language and the text disagree." in body["reasons"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source_text": " "}, "source_text"),
        ({"target_text": ""}, "target_text"),
        ({"target_text": "x" * 5_001}, "target_text"),
        ({"target_text": "12 34"}, "target_text"),
        ({"source_text": "a\x00b"}, "source_text"),
        ({"source_text": "ok"}, "source_language"),
        ({"source_language": "tlh"}, "source_language"),
        ({"target_language": "fr"}, "target_language"),
        ({"text": "x"}, "text"),
    ],
)
def test_a_field_at_fault_is_named(api: Api, change: dict[str, object], field: str) -> None:
    answer = judge(api, **({"target_text": "I do not want to cancel it."} | change))

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]


def test_nothing_is_kept(api: Api, services: FakeServices) -> None:
    judge(api, target_text="I do not want to cancel my policy number 48213.")

    assert (services.inputs.records, services.events.published) == ({}, [])
