"""API keys in memory, under the same contract test as the table."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.errors import ConflictError
from intake.tenancy.api_keys import ApiKey


@dataclass
class MemoryApiKeys:
    """Keeps keys in a dictionary."""

    records: dict[tuple[str, str], ApiKey] = field(default_factory=dict)

    def add(self, key: ApiKey) -> None:
        if (key.tenant, key.key_hash) in self.records:
            raise ConflictError(f"The key {key.key_id} is stored already.")
        self.records[key.tenant, key.key_hash] = key

    def find(self, tenant: str, key_hash: str) -> ApiKey | None:
        return self.records.get((tenant, key_hash))
