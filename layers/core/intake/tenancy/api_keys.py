"""API keys: made once, stored as a hash, and turned back into who is calling.

A key reads ``ik_<tenant>_<secret>``. The tenant is in it so that the tenant's own partition is asked, and no other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intake.clock import Clock
from intake.errors import UnauthorizedError
from intake.ids import TENANT_PATTERN, is_tenant, new_id

_SECRET_BYTES = 32
_KEY = re.compile(rf"ik_(?P<tenant>{TENANT_PATTERN})_[A-Za-z0-9_-]{{43}}")


class Role(StrEnum):
    """What the holder of a key may do."""

    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"
    RESPONDENT = "respondent"


@dataclass(frozen=True)
class Principal:
    """Who is calling, as a valid key proves it; ``expires`` is when the proof ends, if ever."""

    tenant: str
    role: Role
    key_id: str
    expires: datetime | None = None


@dataclass(frozen=True)
class ApiKey:
    """What is kept of a key: enough to recognise it, and nothing to make it from.

    ``key_hash`` is the SHA-256 of the whole key, in hexadecimal. The secret has 256 random bits, so a slow hash would
    add nothing: there is no dictionary to try.
    """

    tenant: str
    key_id: str
    key_hash: str
    role: Role
    label: str
    created: datetime
    expires: datetime | None = None

    def principal(self) -> Principal:
        return Principal(tenant=self.tenant, role=self.role, key_id=self.key_id, expires=self.expires)


@dataclass(frozen=True)
class IssuedKey:
    """A new key. ``plain`` is shown to its holder now or never: it is not stored, and not printed with the object."""

    record: ApiKey
    plain: str = field(repr=False)


class ApiKeyRepository(Protocol):
    """Where keys are kept, by the hash of the key."""

    def add(self, key: ApiKey) -> None:
        """Store a key.

        Raises
        ------
        ConflictError
            The key is stored already.
        """
        ...

    def find(self, tenant: str, key_hash: str) -> ApiKey | None:
        """Return the tenant's key with this hash, as it is now: a key that was just added or removed is seen so."""
        ...


def issue(
    tenant: str,
    role: Role,
    *,
    label: str,
    keys: ApiKeyRepository,
    clock: Clock,
    expires: datetime | None = None,
    secret: Callable[[int], str] = secrets.token_urlsafe,
) -> IssuedKey:
    """Make a key and store its hash.

    Parameters
    ----------
    tenant
        A slug of 2 to 32 lower-case letters, digits and hyphens.
    label
        What people call the key, for example ``claims portal``.
    expires
        The moment from which the key is refused; never, where it is None.
    secret
        Makes a URL-safe text of so many random bytes.

    Raises
    ------
    ValueError
        The tenant's name is not a slug.
    """
    if not is_tenant(tenant):
        raise ValueError(f"{tenant!r} is no tenant: use 2 to 32 lower-case letters, digits and hyphens")
    now = clock.now()
    plain = f"ik_{tenant}_{secret(_SECRET_BYTES)}"
    record = ApiKey(
        tenant=tenant,
        key_id=new_id("key", now),
        key_hash=_hash(plain),
        role=role,
        label=label,
        created=now,
        expires=expires,
    )
    keys.add(record)
    return IssuedKey(record=record, plain=plain)


def authenticate(key: str, *, keys: ApiKeyRepository, clock: Clock) -> Principal:
    """Say who holds a key.

    Raises
    ------
    UnauthorizedError
        The key is malformed, unknown or expired. The three are told apart only where the caller proved to hold the key.
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise UnauthorizedError("The API key is not valid: a key looks like ik_<tenant>_<secret>.")
    key_hash = _hash(key)
    record = keys.find(match["tenant"], key_hash)
    # Constant time: how long a comparison takes must not say how much of a hash was right.
    if record is None or not hmac.compare_digest(record.key_hash, key_hash):
        raise UnauthorizedError("The API key is not known. It may have been removed: ask for a new one.")
    if record.expires is not None and record.expires <= clock.now():
        raise UnauthorizedError("The API key has expired: ask for a new one.")
    return record.principal()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
