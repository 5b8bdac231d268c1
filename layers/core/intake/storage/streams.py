"""What a DynamoDB stream of keys says: which thing of which tenant was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from intake.subscriptions.delivery import Change

_INPUT_PARTITION, _BATCH_PARTITION = "#input#", "#batch#"
_LINE = "line#"


def changes(records: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """Yield the changes that records of the tables of inputs and of documents tell, in order.

    For a push, the lines of a batch are counted, and the more there are the dearer that is. So the end of a line is a
    change for the first 99 lines, then for every tenth, from a thousand on for every hundredth.
    """
    for record in records:
        keys = record["dynamodb"]["Keys"]
        partition, sort_key = keys["pk"]["S"], keys["sk"]["S"]
        tenant, _, rest = partition.partition("#")
        if sort_key == "input" and _INPUT_PARTITION in partition:
            yield Change(tenant, "input", rest.partition("#")[2])
        elif _BATCH_PARTITION in partition and (sort_key == "batch" or _is_counted(sort_key)):
            yield Change(tenant, "batch", rest.partition("#")[2])
        elif sort_key == "document":
            yield Change(tenant, "document", rest)


def _is_counted(sort_key: str) -> bool:
    number = sort_key.removeprefix(_LINE).lstrip("0")
    return sort_key.startswith(_LINE) and not number[2:].strip("0")
