"""Whatever a service answers, a call ends as one of our errors or as an answer, never as a crash."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.errors import ProviderRefusedError, TransientError
from intake.money import Usage
from intake.providers.ports import Capability
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.openai.remote import Remote
from tests.unit.providers.openai.requests import CHAT, embedding, translation

REQUESTS = {**CHAT, Capability.EMBED: embedding()}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
CHAT_LIKE = st.fixed_dictionaries(
    {},
    optional={
        "choices": JSON
        | st.lists(
            st.fixed_dictionaries(
                {"finish_reason": st.sampled_from(["stop", "length"]) | JSON},
                optional={"message": st.fixed_dictionaries({}, optional={"content": JSON, "refusal": JSON})},
            ),
            max_size=2,
        ),
        "usage": JSON | st.fixed_dictionaries({"prompt_tokens": JSON, "completion_tokens": JSON, "total_tokens": JSON}),
    },
)
EMBEDDINGS_LIKE = st.fixed_dictionaries(
    {"data": st.lists(st.fixed_dictionaries({"index": st.integers(0, 2), "embedding": JSON}), max_size=3)},
    optional={"usage": JSON},
)


@pytest.mark.parametrize("capability", [Capability.TRANSLATE, Capability.COMPLETE, Capability.EMBED])
@given(body=JSON | CHAT_LIKE | EMBEDDINGS_LIKE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_of_a_service_ends_as_anything_but_our_errors(
    remote: Remote, double: Control, capability: Capability, body: object
) -> None:
    double.fail(Fault(kind=Kind.STATUS, status=200, body=body))

    with pytest.raises((TransientError, ProviderRefusedError)):
        remote(capability).call(REQUESTS[capability])


def test_ten_thousand_brackets_are_no_answer(remote: Remote, double: Control) -> None:
    message = {"role": "assistant", "content": "[" * 100_000, "refusal": None}
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    body = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}], "usage": usage}
    double.fail(Fault(kind=Kind.STATUS, status=200, body=body))

    with pytest.raises(TransientError) as caught:
        remote(Capability.TRANSLATE).call(translation())

    assert caught.value.billed == Usage(input_tokens=1, output_tokens=2)
