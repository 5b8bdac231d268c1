from __future__ import annotations

from intake.analytics.cache_use import CacheRow
from tests.unit.api.double import Api, FakeServices

SPANISH = {"text": "Hola, tengo un reclamo."}


def test_an_answer_that_is_given_again_is_counted_with_what_it_saves(api: Api) -> None:
    for _ in range(3):
        api.call("POST", "/v1/inputs", json_body=SPANISH)

    shown = api.call("GET", "/v1/dashboard/cache", role="viewer")

    assert shown.status == 200
    today = shown.body["periods"]["today"]
    assert today["layers"]["result"] == {"requests": 2, "hits": 2, "hit_rate": 1.0}
    assert today["saved_ms"] == 2 * 12


def test_a_tenant_sees_its_own_figures(api: Api) -> None:
    for _ in range(2):
        api.call("POST", "/v1/inputs", json_body=SPANISH)

    rival = api.call("GET", "/v1/dashboard/cache", tenant="rival").body

    assert rival["periods"]["30_days"]["layers"]["result"]["requests"] == 0


def test_recommendations_come_with_their_figures(api: Api, services: FakeServices) -> None:
    row = CacheRow("2026-11-20", "translate", "es-en")
    services.cache_use.add("acme", row, {"miss": 60, "short_miss": 55, "table": 1}, services.clock.now())

    [advice] = api.call("GET", "/v1/dashboard/cache").body["recommendations"]

    assert advice["kind"] == "warm_phrases"
    assert advice["evidence"] == {"misses": 60, "short_misses": 55, "pair": "es-en"}


def test_a_counter_that_fails_does_not_fail_the_answer(api: Api, services: FakeServices) -> None:
    api.call("POST", "/v1/inputs", json_body=SPANISH)

    class Broken:
        def add(self, *_: object) -> None:
            raise OSError

    services.cache_use = Broken()  # type: ignore[assignment]

    assert api.call("POST", "/v1/inputs", json_body=SPANISH).body["cache"] == "hit"
