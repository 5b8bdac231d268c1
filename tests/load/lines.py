"""Files of lines for batches: inputs in two languages, and among them lines that cannot be worked on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

SPANISH = (
    "Quiero presentar un reclamo por los daños del agua en mi cocina; el caso tiene el número {n}.",
    "Mi póliza no cubre el accidente del 3 de marzo y necesito hablar con alguien sobre la factura {n}.",
    "Nadie contesta el teléfono desde hace {n} días y todavía espero el pago de mi reclamo.",
)
ENGLISH = (
    "I would like to file a claim for the water damage in my kitchen; the estimate is {n} dollars.",
    "Does my plan cover physical therapy after surgery? The bill of the hospital was {n} dollars.",
    "I have been waiting for {n} days and nobody has called me back about my appointment.",
)
TOO_LONG = "Mi casa se inundó ayer por la noche. " * 150

POISON: tuple[tuple[str, str], ...] = (
    ("text", '{{"text": {n}, "reference": "line-{n}"}}'),
    ("text", '{{"text": "   ", "reference": "line-{n}"}}'),
    ("text", '{{"text": "' + TOO_LONG + '", "reference": "line-{n}"}}'),
    (
        "source_language",
        '{{"text": "Quiero presentar un reclamo.", "source_language": "x{n}", "reference": "line-{n}"}}',
    ),
    ("line", '{{"text": "Quiero presentar un reclamo número {n}.'),
    ("context.history", '{{"text": "Quiero un reclamo.", "context": {{"history": "{n}"}}, "reference": "line-{n}"}}'),
)
"""What is wrong with a line, and the line."""


@dataclass
class Lines:
    """A file, and what must become of it: the numbers of its good lines, and the field at fault of each bad one."""

    rows: list[str] = field(default_factory=list)
    good: list[int] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return "\n".join(self.rows).encode()


def make_lines(count: int, *, poisoned: int, of: str) -> Lines:
    """Make a file in which every so many lines one is bad. ``of`` makes its texts differ from those of other files."""
    made = Lines()
    every = count // poisoned
    for number in range(1, count + 1):
        if number % every == 0 and len(made.faults) < poisoned:
            fault, row = POISON[len(made.faults) % len(POISON)]
            made.rows.append(row.format(n=number))
            made.faults[number] = fault
        else:
            made.rows.append(json.dumps(_input(number, of), ensure_ascii=False))
            made.good.append(number)
    return made


def _input(number: int, of: str) -> dict[str, object]:
    is_spanish = number % 3 != 0
    texts = SPANISH if is_spanish else ENGLISH
    text = texts[number % len(texts)].format(n=1_000 + number)
    language = {"source_language": "es"} if is_spanish and number % 2 else {}
    return {
        "text": f"{text} {of}",
        "reference": f"line-{number}",
        "context": {"user_id": f"member-{number}"},
        **language,
    }
