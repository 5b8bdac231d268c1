"""Identifiers: sortable by birth where they are made, derived from content where the same thing may come twice."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_CHARACTERS = 10
_RANDOM_CHARACTERS = 16

TENANT_PATTERN = r"[a-z0-9][a-z0-9-]{1,31}"
_TENANT = re.compile(TENANT_PATTERN)


def new_id(prefix: str, now: datetime) -> str:
    """Make an id such as ``inp_01jd3…``: 48 bits of milliseconds, then 80 random bits, in Crockford's base 32.

    Source
    ------
    The ULID layout, in lower case.
    """
    milliseconds = int(now.timestamp() * 1000)
    return f"{prefix}_{_base32(milliseconds, _TIME_CHARACTERS)}{_base32(secrets.randbits(80), _RANDOM_CHARACTERS)}"


def new_reference(prefix: str) -> str:
    """Make a name such as ``job_4x…`` that nobody can guess: 160 random bits, in Crockford's base 32."""
    return f"{prefix}_{_base32(secrets.randbits(160), 2 * _RANDOM_CHARACTERS)}"


def derived_id(prefix: str, *parts: str) -> str:
    """Make the id that the same parts always give, so that an event delivered twice means one thing."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f"{prefix}_{_base32(int.from_bytes(digest[:16], 'big') >> 2, _TIME_CHARACTERS + _RANDOM_CHARACTERS)}"


def is_tenant(name: str) -> bool:
    """Say whether a name may be a tenant's: 2 to 32 lower-case letters, digits and hyphens."""
    return _TENANT.fullmatch(name) is not None


def _base32(number: int, characters: int) -> str:
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(characters)))
