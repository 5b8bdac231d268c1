"""What a DynamoDB stream of keys says: which thing of which tenant was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from intake.subscriptions.delivery import Change

_INPUT_PARTITION = "#input#"


def changes(records: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """Yield the changes that records of the tables of inputs and of documents tell, in order."""
    for record in records:
        keys = record["dynamodb"]["Keys"]
        partition, sort_key = keys["pk"]["S"], keys["sk"]["S"]
        tenant, _, rest = partition.partition("#")
        if sort_key == "input" and _INPUT_PARTITION in partition:
            yield Change(tenant, "input", rest.partition("#")[2])
        elif sort_key == "document":
            yield Change(tenant, "document", rest)
