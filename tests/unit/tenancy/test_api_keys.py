"""A key is shown once, kept as a hash, and tells who is calling until it expires."""

from __future__ import annotations

import string
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import UnauthorizedError
from intake.tenancy.api_keys import Role, authenticate, issue
from tests.fakes.tenancy import MemoryApiKeys

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class StillClock:
    """A clock that stands where it is put."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic_ms(self) -> float:
        return self.moment.timestamp() * 1000


@pytest.fixture
def keys() -> MemoryApiKeys:
    return MemoryApiKeys()


def test_an_issued_key_tells_tenant_and_role(keys: MemoryApiKeys) -> None:
    issued = issue("acme", Role.OPERATOR, label="portal", keys=keys, clock=StillClock())

    principal = authenticate(issued.plain, keys=keys, clock=StillClock())

    assert (principal.tenant, principal.role, principal.key_id) == ("acme", Role.OPERATOR, issued.record.key_id)


def test_a_key_names_its_tenant_and_has_256_random_bits(keys: MemoryApiKeys) -> None:
    issued = issue("claims-desk", Role.ADMIN, label="first", keys=keys, clock=StillClock())

    assert issued.plain.startswith("ik_claims-desk_")
    assert len(issued.plain.removeprefix("ik_claims-desk_")) == 43


def test_nothing_stored_or_printed_contains_the_secret(keys: MemoryApiKeys) -> None:
    issued = issue("acme", Role.ADMIN, label="first", keys=keys, clock=StillClock())
    secret = issued.plain.removeprefix("ik_acme_")

    assert secret not in repr(issued)
    assert secret not in repr(asdict(issued.record))
    assert secret not in repr(keys.records)


@pytest.mark.parametrize("tenant", ["", "a", "Acme", "acme_2", "acme corp", "-acme", "a" * 33, "ácme"])
def test_a_name_that_is_no_slug_gets_no_key(keys: MemoryApiKeys, tenant: str) -> None:
    with pytest.raises(ValueError, match="is no tenant"):
        issue(tenant, Role.ADMIN, label="first", keys=keys, clock=StillClock())

    assert keys.records == {}


def test_an_expired_key_is_refused_from_its_very_moment(keys: MemoryApiKeys) -> None:
    expires = NOW + timedelta(hours=1)
    issued = issue("acme", Role.VIEWER, label="visit", keys=keys, clock=StillClock(), expires=expires)

    just_before = authenticate(issued.plain, keys=keys, clock=StillClock(expires - timedelta(milliseconds=1)))

    assert just_before.expires == expires
    with pytest.raises(UnauthorizedError, match="expired"):
        authenticate(issued.plain, keys=keys, clock=StillClock(expires))


def test_a_key_of_one_tenant_is_nothing_to_another(keys: MemoryApiKeys) -> None:
    issued = issue("acme", Role.ADMIN, label="first", keys=keys, clock=StillClock())
    issue("other", Role.ADMIN, label="first", keys=keys, clock=StillClock())

    with pytest.raises(UnauthorizedError):
        authenticate(issued.plain.replace("ik_acme_", "ik_other_"), keys=keys, clock=StillClock())


@given(position=st.integers(0, 42), letter=st.sampled_from(string.ascii_letters + string.digits + "-_"))
def test_a_key_with_any_letter_changed_is_refused(position: int, letter: str) -> None:
    keys = MemoryApiKeys()
    plain = issue("acme", Role.ADMIN, label="first", keys=keys, clock=StillClock()).plain
    at = len("ik_acme_") + position
    changed = plain[:at] + letter + plain[at + 1 :]

    if changed == plain:
        authenticate(changed, keys=keys, clock=StillClock())
    else:
        with pytest.raises(UnauthorizedError):
            authenticate(changed, keys=keys, clock=StillClock())


@given(st.text(max_size=200))
def test_whatever_comes_as_a_key_is_refused_without_a_crash(text: str) -> None:
    with pytest.raises(UnauthorizedError):
        authenticate(text, keys=MemoryApiKeys(), clock=StillClock())
