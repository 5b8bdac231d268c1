"""Translation into English of the golden set, by each provider that is configured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.cases import Golden, cases
from evaluation.providers import configured
from evaluation.report import Figure, Table, share
from intake.errors import ProviderError, UnsupportedInputError
from intake.inputs import facts, mentions
from intake.inputs.intent import intent_of
from intake.inputs.negation import negated_clauses
from intake.inputs.number_words import read_numbers
from intake.inputs.quality import assess_translation
from intake.providers.ports import AnyProvider, Capability, Need, Translation, TranslationRequest

CHRF_TARGET = 55.0
BLEU_TARGET = 30.0
ENTITIES_TARGET = 95.0
INTENT_TARGET = 85.0
REVIEW_TARGET = 95.0


@dataclass(frozen=True)
class Translated:
    """One sentence and what a provider made of it; ``made`` is None where it failed, with the error's name."""

    case: Golden
    made: Translation | None
    error: str = ""

    @property
    def text(self) -> str:
        return self.made.text if self.made else ""


def measure() -> list[Table]:
    """Measure every configured translator, and the measure itself on the references."""
    golden = [case for case in cases("golden", Golden) if case.language != "en"]
    references = [Translated(case, Translation(text=case.english)) for case in golden]
    tables = [_kept_table("facts that can be read in the reference translations", references)]
    for provider, missing in configured(Capability.TRANSLATE):
        title = f"translation, {provider.name} ({provider.model})"
        own = [case for case in golden if missing is None and not provider.obstacle(_need(case))]
        if not own:
            tables.append(Table(title, skipped=missing or "it translates none of the languages of the set"))
            continue
        tables.append(_table(title, [_translated(provider, case) for case in own], len(golden)))
    return tables


def chrf_and_bleu(made: Sequence[str], references: Sequence[str]) -> tuple[float, float]:
    """Return chrF and BLEU of a corpus, 0 to 100, by sacrebleu with its usual settings."""
    from sacrebleu import corpus_bleu, corpus_chrf

    return corpus_chrf(made, [references]).score, corpus_bleu(made, [references]).score


def kept(case: Golden, english: str) -> dict[str, tuple[int, int]]:
    """Count the entities that an English text has, and those it should have, by kind."""
    wanted = case.entities
    plain = mentions.without(mentions.normalised(english, "en"), mentions.date_mentions(english))
    spoken = read_numbers(plain, "en")
    numbers = facts.numbers(plain) + (spoken[1] if spoken else facts.numbers(""))
    dates = {f"--{month:02d}-{day:02d}" for day, month, _year in facts.dates(english)}
    amounts = {f"{currency} {number}" for currency, number in facts.amounts(english)}
    words = set(map(facts.folded, facts.words(english)))
    denies = bool(negated_clauses(english, "en"))
    return {
        "numbers": (sum(numbers[number] > 0 for number in wanted.numbers), len(wanted.numbers)),
        "dates": (len(dates.intersection(wanted.dates)), len(wanted.dates)),
        "amounts": (len(amounts.intersection(wanted.amounts)), len(wanted.amounts)),
        "names": (sum(facts.folded(name) in words for name in wanted.names), len(wanted.names)),
        "negations": (int(denies and wanted.negations > 0), int(wanted.negations > 0)),
    }


def _need(case: Golden) -> Need:
    return Need(source_language=case.language, target_language="en", size=len(case.text))


def _translated(provider: AnyProvider, case: Golden) -> Translated:
    request = TranslationRequest(text=case.text, source_language=case.language, target_language="en")
    try:
        return Translated(case, provider.call(request).value)
    except (ProviderError, UnsupportedInputError) as error:
        return Translated(case, None, type(error).__name__)


def _table(title: str, done: Sequence[Translated], of: int) -> Table:
    chrf, bleu = chrf_and_bleu([one.text for one in done], [one.case.english for one in done])
    count = len(done)
    languages = ", ".join(dict.fromkeys(one.case.language for one in done))
    reviewed = [one for one in done if one.made is None or _needs_review(one.case, one.made)]
    intents = sum(intent_of(one.text).label is one.case.intent for one in done)
    failed = [one for one in done if one.made is None]
    lossy = [one for one in done if any(there < wanted for there, wanted in kept(one.case, one.text).values())]
    caught = sum(one in reviewed for one in lossy)
    return Table(
        f"{title}: {count} of {of} sentences, from {languages}",
        (
            Figure("chrF", chrf, unit="", size=count, target=CHRF_TARGET),
            Figure("BLEU", bleu, unit="", size=count, target=BLEU_TARGET),
            *_kept_figures(done),
            Figure("intent found in the translation", share(intents, count), size=count, target=INTENT_TARGET),
            Figure("sent to a person", share(len(reviewed), count), size=count),
            Figure("of those with a lost fact", share(caught, len(lossy)), size=len(lossy), target=REVIEW_TARGET),
            Figure("failed", share(len(failed), count), size=count, target=1.0, more_is_better=False),
        ),
        (
            *(f"{one.case.id} failed: {one.error}" for one in failed),
            *(f"{one.case.id} lost a fact, and nobody looks: {one.text}" for one in lossy if one not in reviewed),
        ),
    )


def _kept_table(title: str, done: Sequence[Translated]) -> Table:
    return Table(title, tuple(_kept_figures(done)))


def _kept_figures(done: Sequence[Translated]) -> Iterable[Figure]:
    counts = [kept(one.case, one.text) for one in done]
    for kind in counts[0]:
        there, wanted = sum(count[kind][0] for count in counts), sum(count[kind][1] for count in counts)
        if wanted:
            yield Figure(f"{kind} kept", share(there, wanted), size=wanted, target=ENTITIES_TARGET)


def _needs_review(case: Golden, made: Translation) -> bool:
    quality = assess_translation(
        case.text, case.language, made.text, untranslated=made.untranslated, provider_confidence=made.confidence
    )
    return quality.requires_human_review
