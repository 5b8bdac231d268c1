"""What a member wants, how urgent it is, and the one question to ask when that is not clear: rules on English text."""

from __future__ import annotations

import re
from collections import Counter

from intake.inputs.results import Intent, IntentLabel, Urgency

VERSION = "2"

# Weight 3 names the matter, 2 speaks for it, 1 goes with it. Words are stems where English inflects them. Machine
# translations of the usual Spanish and French words are included ("catchword" is how an engine may put a "reclamo").
_EVIDENCE: dict[IntentLabel, tuple[tuple[int, str], ...]] = {
    IntentLabel.EMERGENCY: (
        (
            4,
            r"emergenc(?:y|ies)|(?:call|send|need|get) (?:me |us )?an ambulance|call 911|\b911\b"
            r"|(?:can ?not|can'?t) breathe|(?:not|stopped) breathing|heart attack",
        ),
        (
            4,
            r"poison\w*|swallowed|drown\w*|having a seizure|unresponsive|electrocut\w+|suffocat\w+"
            r"|(?:been|got|was|is) shot\b|stabbed"
            r"|explo(?:ded|sion)",
        ),
        (
            4,
            r"(?:\bs?he|father|mother|baby|child|son|daughter|husband|wife)\b.{0,40}not moving|slurred"
            r"|can(?:no|')t feel (?:my|his|her)|carbon monoxide|allergic reaction"
            r"|passed out|\bsparks\b",
        ),
        (
            4,
            r"\b(?:we|i|s?he|they|people|children) (?:is|are|am) (?:stuck|trapped) in"
            r"|(?:water|river|flood) is rising|(?:is|are) burning",
        ),
        (
            4,
            r"(?:is|are|was) choking"
            r"|(?<!roof )(?<!ceiling )(?<!fence )(?<!wall )(?<!shed )(?<!floor )collapsed|fainted"
            r"|(?:not|n't|won't) wak(?:e|ing) up",
        ),
        (
            4,
            r"(?:can ?not|can'?t) (?:get|come) out(?! of (?:the|my|this|a) (?:contract|policy|plan|agreement))"
            r"|(?:smoke|flames?) (?:is |are )?(?:everywhere|coming|inside)",
        ),
        (4, r"unconscious|bleeding (?:a lot|heavily|badly)|suicid\w*|kill myself|overdose|life[- ]threatening"),
        (
            3,
            r"(?:is|are|'s) (?:still )?(?:on fire|burning|trapped)|there(?: is|'s) a fire"
            r"|smell\w* (?:of |like )?gas|odou?r of gas|(?:caught|catching) fire",
        ),
        (
            3,
            r"gas leak|chest pain|\bstroke\b|is bleeding\b(?! a bit)|(?:is|are) breaking into"
            r"|intensive care|(?:house|home|car|kitchen|basement) is flooding",
        ),
    ),
    IntentLabel.CLAIM: (
        (3, r"\bclaims?\b(?! (?:that|to be))|file a report|adjuster|reimburse\w*|catchwords?|reclamations?"),
        (2, r"accident|stolen?|theft|robb\w+|burglar\w*|broke into|crash\w*|collision|rear[- ]ended|damag\w+|flood\w*"),
        (
            2,
            r"burst|leak\w*|hail|storm|vandal\w*|totall?ed|hit my (?:car|vehicle)|water (?:in|on) my|fire"
            r"|th(?:ief|ieves)",
        ),
        (
            2,
            r"(?:fell|ran|drove|crashed|backed) (?:down |over )?(?:on|onto|into) (?:the|my|our|a)\b"
            r"|smash\w*|crush\w*|ruin\w*",
        ),
        (1, r"broke\w*|\bhit\b|repairs?|roof|\btow|\bcrane\b|not start|injur\w+|police report|harms?|escaped"),
    ),
    IntentLabel.COVERAGE: (
        (3, r"\bcover(?:s|ed|age)?\b|deductible|exclu(?:ded|sions?)|what does my (?:policy|plan|insurance)"),
        (
            2,
            r"policy limit|\b(?:in|out[- ]of)[- ](?:the |my |your )?network|eligib\w+|pre[- ]?authoriz\w+"
            r"|(?:prior|need) (?:an )?(?:authoriz\w+|approval)|insured (?:for|abroad|in)\b"
            r"|(?:am i|is my|are my|is the) .{0,40}"
            r"\b(?:insured|protected)|(?:policy|insurance|plan) (?:\w+ )?(?:pay|include)s? for (?!new)|\breferral",
        ),
        (
            2,
            r"(?:do|does|would|will) (?:my|the|your) (?:policy|insurance|plan) (?:pay|include|accept)"
            r"|(?:amount|much) .{0,20}insured",
        ),
        (1, r"\bpolic(?:y|ies)\b|franchise|included|insured"),
    ),
    IntentLabel.BENEFITS: (
        (3, r"benefits?\b|dental|vision (?:plan|care)|prescriptions?|co-?pay\w*|enrol\w*|open enrollment|sick leave"),
        (2, r"maternity|physical therapy|health plan|medical plan|\bhsa\b|\bfsa\b|wellness|dependents?|retire\w*|401"),
        (
            2,
            r"(?:sessions?|visits?) (?:to|with|are|do|left|remain)|how many .{0,30}(?:sessions|visits)"
            r"|therap\w+|chiropract\w+",
        ),
        (
            2,
            r"(?:add|include|join|sign up) (?:\w+ ){0,3}(?:to|in|on|for) (?:my|the|our)"
            r" (?:\w+ ){0,2}(?:plan|insurance|program)",
        ),
        (2, r"hearing aids?|discounts?|allowance|vaccin\w+|lenses"),
        (1, r"\bplan\b|specialist|medicines?|medications?|glasses"),
    ),
    IntentLabel.BILLING: (
        (
            3,
            r"\bbill(?:s|ed|ing)?\b|invoices?|premiums?|overcharg\w*|charged (?:me )?twice|refund\w*|autopay",
        ),
        (
            2,
            r"charg(?:e|ed|es)\b|direct debit|payments?|\bpaid\b|\bpay\b|credit card|bank account|late fee|receipts?",
        ),
        (1, r"price|cost\w*|money|\$\s?\d|amount|account"),
    ),
    IntentLabel.COMPLAINT: (
        (
            3,
            r"complain\w*|unacceptable|terrible|awful|worst|rude|disgust\w*|outrag\w*|fed up|disappointed"
            r"|lawyer|furious|unpleasant|(?:hung|hang) up on|bad service",
        ),
        (2, r"no ?(?:one|body) (?:answers|calls|responds|helps|returns)|any ?body answers|nobody has|still waiting"),
        (
            2,
            r"ignor(?:ed|ing) me|waste of time|not satisfied|unsatisfied|dissatisf\w*|\b(?:manager|supervisor)",
        ),
        (
            2,
            r"(?:no|without an?) (?:answer|reply|response)|never (?:works?|return\w*|calls?|helps?)"
            r"|tired of|yell\w+ at",
        ),
        (2, r"(?:waiting|waited) (?:for )?(?:\w+ )?(?:weeks|months)|(?:called|call|left) .{0,12}(?:times|messages)"),
        (1, r"weeks? (?:ago|waiting)|again and again|third time|bad service|never (?:called|answered|responded)"),
    ),
    IntentLabel.APPOINTMENT: (
        (3, r"appointments?|reschedul\w*|schedule (?:a|an|my)|make a visit|book (?:a|an)|quotations? with"),
        (
            2,
            r"\bschedule\b|available (?:on|at|times?)|cancel (?:\w+ )?(?:\w+'s )?(?:visit|check-?up)"
            r"|see (?:a|the|my) (?:doctor|\w+ist\b)|check-?up",
        ),
        (2, r"(?:inspector|technician|adjuster|visit|inspection|exam).{0,25}\b(?:come|instead|free|another day)"),
        (
            2,
            r"book a visit"
            r"|(?:move|change) (?:\w+ ){1,3}to (?:another|monday|tuesday|wednesday|thursday|friday)"
            r"|what times?",
        ),
        (1, r"next (?:week|monday|tuesday|wednesday|thursday|friday)|calendar|time slot|doctor"),
    ),
}
_PATTERNS = {
    label: tuple((weight, re.compile(pattern, re.IGNORECASE)) for weight, pattern in evidence)
    for label, evidence in _EVIDENCE.items()
}

_URGENT = re.compile(
    r"\burgen\w*|as soon as possible|\basap\b|immediately|right away|right now|\btoday\b|\btonight\b|at once"
    r"|still (?:leaking|flooding)|no (?:heat|water|electricity|power)|surgery (?:is )?(?:tomorrow|today)"
    r"|nowhere to (?:stay|sleep|live)|in (?:the )?hospital|hospitali[sz]ed",
    re.IGNORECASE,
)
_RELAXED = re.compile(
    r"no (?:hurry|rush)|whenever you can|when you have time|just (?:wondering|curious)|for (?:the )?future"
    r"|not urgent|general question",
    re.IGNORECASE,
)
_EMERGENCY_IS_OVER = re.compile(
    r"emergency (?:room|contact|kit|fund|number|visit)|(?:last|two|three|\d+) (?:week|month|year|day)s? (?:ago)?"
    r"|not an emergency|\byesterday\b",
    re.IGNORECASE,
)

_OPEN_QUESTION = "What can we help you with: a claim, your coverage, your benefits, a bill, or something else?"
_CLEAR_LEAD = 1
"""By how much evidence the first label must lead the second; less is ambiguous."""

_WANTS: dict[IntentLabel, str] = {
    IntentLabel.CLAIM: "report a loss or ask about a claim",
    IntentLabel.COVERAGE: "know what your policy covers",
    IntentLabel.BENEFITS: "use or understand your benefits",
    IntentLabel.BILLING: "settle a bill or a payment",
    IntentLabel.COMPLAINT: "complain about our service",
    IntentLabel.APPOINTMENT: "make or change an appointment",
    IntentLabel.EMERGENCY: "get help in an emergency",
}


def intent_of(text: str) -> Intent:
    """Tell the intent of an English text.

    A present emergency always wins: taking a claim for an emergency costs a call, the reverse may cost a life.
    """
    evidence = _weigh(text)
    if not evidence:
        return Intent(
            label=IntentLabel.OTHER,
            urgency=_urgency(text, IntentLabel.OTHER),
            clarifying_question=_OPEN_QUESTION,
            confidence=0.0,
        )
    ranked = evidence.most_common()
    label, weight = ranked[0]
    if evidence[IntentLabel.EMERGENCY] >= 3:
        label, weight = IntentLabel.EMERGENCY, evidence[IntentLabel.EMERGENCY]
    question = None
    if label is not IntentLabel.EMERGENCY and len(ranked) > 1 and weight - ranked[1][1] < _CLEAR_LEAD:
        question = f"Would you like to {_WANTS[label]}, or to {_WANTS[ranked[1][0]]}?"
    return Intent(
        label=label,
        urgency=_urgency(text, label),
        clarifying_question=question,
        confidence=round(weight / evidence.total(), 2),
    )


def _weigh(text: str) -> Counter[IntentLabel]:
    evidence: Counter[IntentLabel] = Counter()
    for label, patterns in _PATTERNS.items():
        for weight, pattern in patterns:
            # A word said three times is no more evidence than once.
            evidence[label] += weight * len({match.casefold() for match in pattern.findall(text)})
    if evidence[IntentLabel.EMERGENCY] and _EMERGENCY_IS_OVER.search(text):
        evidence[IntentLabel.EMERGENCY] = 0
    return +evidence


def _urgency(text: str, label: IntentLabel) -> Urgency:
    if label is IntentLabel.EMERGENCY:
        return Urgency.EMERGENCY
    if _RELAXED.search(text):
        return Urgency.LOW
    return Urgency.HIGH if _URGENT.search(text) else Urgency.NORMAL
