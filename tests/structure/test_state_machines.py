"""The rules of every state machine, over states read from the files, so that a new one is held to them too."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from intake import errors
from intake.inputs import asking
from tests.structure.repository import (
    State,
    all_states,
    definition,
    deployments,
    levels,
    machine_names,
    resources,
    states,
    substitutions,
    tasks,
    template,
)

OUR_ERRORS = {
    name: kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.IntakeError) and kind.__module__ == errors.__name__
}
CALLERS_ERRORS = {
    name
    for name, kind in OUR_ERRORS.items()
    if 400 <= kind.http_status < 500 and not issubclass(kind, errors.ProviderError)
}
RETRYABLE = {name for name, kind in OUR_ERRORS.items() if issubclass(kind, errors.TransientError)}
SERVICE_ERROR = re.compile(r"^(States|Lambda|Sandbox|Runtime|Sfn|StepFunctions)\.[A-Za-z]+$")
EXPRESS_LIMIT_SECONDS = 300
WORK_ON_INPUTS = ("input", "recording")
EXPRESSION = re.compile(r"{%(.*?)%}")
VARIABLE = re.compile(r"\$(\w+)")
LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke"

each_task = pytest.mark.parametrize("task", tasks(), ids=str)
each_machine = pytest.mark.parametrize("machine", machine_names())


def words(name: str) -> set[str]:
    """Return the words of a camel-case name, without the ``Function`` at its end."""
    return set(re.findall(r"[A-Z][a-z0-9]*", name.removesuffix("Function")))


def next_states(body: dict[str, Any]) -> set[str]:
    """Return where a state can go, on success and on failure."""
    found = {body.get("Next"), body.get("Default")}
    found |= {choice["Next"] for choice in body.get("Choices", [])}
    found |= {catcher["Next"] for catcher in body.get("Catch", [])}
    return {name for name in found if name}


def reachable(state: State, start: str) -> set[str]:
    """Return the states of a level that can follow one of them, itself included."""
    seen: set[str] = set()
    waiting = {start}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= next_states(state.siblings[name]) - seen
    return seen


def assigned(level: dict[str, Any]) -> set[str]:
    """Return the variables that the states of one level assign."""
    return {name for body in level["States"].values() for _, names in ways_out(body) for name in names}


def ways_out(body: dict[str, Any]) -> list[tuple[str | None, set[str]]]:
    """Return where a state can go, and which variables it assigns on each way."""
    ways = [*body.get("Catch", []), *body.get("Choices", [])]
    found = [(way["Next"], set(way.get("Assign", {}))) for way in ways]
    return [*found, (body.get("Next") or body.get("Default"), set(body.get("Assign", {})))]


def known_at(level: dict[str, Any]) -> dict[str, set[str]]:
    """Return for each state of a level the variables that are assigned on every way to it."""
    known: dict[str, set[str]] = {level["StartAt"]: set()}
    waiting = [level["StartAt"]]
    while waiting:
        name = waiting.pop()
        for following, names in ways_out(level["States"][name]):
            if following is None:
                continue
            now = known[name] | names
            if following not in known or not known[following] <= now:
                known[following] = now & known.get(following, now)
                waiting.append(following)
    return known


def variables_read(body: dict[str, Any], own: set[str]) -> set[str]:
    """Return those of a level's variables that a state reads; an inner level reads for itself."""
    text = json.dumps({name: value for name, value in body.items() if name not in {"ItemProcessor", "Branches"}})
    return {name for expression in EXPRESSION.findall(text) for name in VARIABLE.findall(expression)} & own


def names_matched(body: dict[str, Any], field: str) -> list[str]:
    return [name for entry in body.get(field, []) for name in entry["ErrorEquals"]]


def test_the_rules_see_the_machines() -> None:
    assert set(machine_names()) >= {"input", "recording", "document"}
    assert len(tasks()) >= 18
    assert len(all_states()) >= 35


def test_the_retryable_errors_are_those_of_the_design() -> None:
    assert {"ProviderTimeoutError", "RateLimitedError", "TransientError"} <= RETRYABLE
    assert not RETRYABLE & {"BudgetExceededError", "CircuitOpenError", "ProviderRefusedError", "QuotaExhaustedError"}


@each_machine
def test_a_machine_is_written_in_jsonata_explained_limited_in_time_and_ends_failures_in_fail(machine: str) -> None:
    top = definition(machine)

    assert top["QueryLanguage"] == "JSONata"
    assert top["Comment"].strip()
    assert top["TimeoutSeconds"] > 0
    assert any(body["Type"] == "Fail" for body in top["States"].values())


@each_machine
def test_a_machine_goes_only_to_states_that_exist_and_can_reach_each_of_them(machine: str) -> None:
    for state in states(machine):
        assert next_states(state.body) <= set(state.siblings), f"{state} goes to a state that is not there"
    start = definition(machine)["StartAt"]
    top = next(state for state in states(machine) if state.name == start)
    assert reachable(top, start) == set(definition(machine)["States"])


@each_machine
def test_a_map_assigns_no_variable_of_the_level_around_it(machine: str) -> None:
    outer, *inner = levels(machine)

    # Step Functions refuses to create such a machine.
    assert not [names for level in inner if (names := assigned(level) & assigned(outer))]


@each_machine
def test_a_variable_is_read_only_where_it_has_been_assigned_on_every_way(machine: str) -> None:
    for level in levels(machine):
        known, own = known_at(level), assigned(level)
        assert set(known) == set(level["States"])
        for name, body in level["States"].items():
            assert variables_read(body, own) <= known[name], f"{machine}.{name} reads what may not be there"


@each_machine
def test_a_distributed_map_reads_no_variable_of_the_level_around_it(machine: str) -> None:
    outer, *inner = levels(machine)
    maps = [state.body for state in states(machine) if state.body["Type"] == "Map"]
    distributed = [body["ItemProcessor"] for body in maps if is_distributed(body)]

    # Each item is an execution of its own, which knows its input and nothing else.
    for level in inner:
        if level in distributed:
            read = {name for body in level["States"].values() for name in variables_read(body, assigned(outer))}
            assert not read


def is_distributed(body: dict[str, Any]) -> bool:
    """Say whether a map runs each item as an execution of its own."""
    mode: str = body["ItemProcessor"]["ProcessorConfig"]["Mode"]
    return mode == "DISTRIBUTED"


@each_machine
def test_an_express_deployment_ends_within_the_limit_of_express(machine: str) -> None:
    for name, resource in deployments(machine).items():
        if resource["Properties"].get("Type") == "EXPRESS":
            assert definition(machine)["TimeoutSeconds"] <= EXPRESS_LIMIT_SECONDS, name


@each_machine
def test_a_machine_is_deployed_with_exactly_what_it_wants_substituted(machine: str) -> None:
    assert deployments(machine), f"the template deploys no machine of {machine}.asl.json"
    for name, resource in deployments(machine).items():
        given = resource["Properties"].get("DefinitionSubstitutions", {})
        assert set(given) == substitutions(machine), name
        for substitution, value in given.items():
            if substitution.endswith("Function"):
                assert value == {"Fn::GetAtt": [substitution, "Arn"]}, f"{name}: {substitution} is another function"


@each_task
def test_a_task_is_limited_in_time(task: State) -> None:
    assert isinstance(task.body.get("TimeoutSeconds"), int), f"{task} may hang for ever"


@each_task
def test_a_task_calls_the_function_that_it_is_named_after_and_outwaits_it(task: State) -> None:
    if task.body["Resource"] != LAMBDA_INVOKE:
        pytest.skip("calls another service")
    function = task.body["Arguments"]["FunctionName"]

    assert function in resources("AWS::Serverless::Function"), f"{task} calls {function}, which the template lacks"
    assert words(task.name) <= words(function) or words(function) <= words(task.name), f"{task} calls {function}"
    # A machine that gives up first goes on to the next provider while the first one still works, and charges twice.
    timeout = resources("AWS::Serverless::Function")[function]["Properties"].get("Timeout", default_timeout())
    assert timeout <= task.body["TimeoutSeconds"], f"{function} may run for {timeout} s"


def default_timeout() -> int:
    """Return the timeout of functions that set none."""
    timeout: int = template()["Globals"]["Function"]["Timeout"]
    return timeout


@pytest.mark.parametrize("name", ["Validate", "ValidateParse", "Chunk", "Embed", "Finish"])
def test_a_stage_that_keeps_the_number_of_its_attempt_is_told_it(name: str) -> None:
    (stage,) = (task for task in tasks() if (task.machine, task.name) == ("document", name))

    assert "$states.context.State.RetryCount + 1" in json.dumps(stage.body["Arguments"]["Payload"])


@pytest.mark.parametrize("name", ["Transcribe", "Translate", "Sanitize"])
def test_a_stage_that_asks_a_provider_knows_how_often_it_is_tried_and_who_is_next(name: str) -> None:
    (stage,) = (task for task in tasks() if (task.machine, task.name) == ("input", name))
    tries = {error: retrier["MaxAttempts"] + 1 for retrier in stage.body["Retry"] for error in retrier["ErrorEquals"]}

    assert stage.body["Arguments"]["Payload"]["retry"] == "{% $states.context.State.RetryCount %}"
    assert "next_provider" in stage.body["Arguments"]["Payload"]
    # What the stage tells of a failure, "retrying" or "falling back", is what the machine then does.
    assert (tries["TransientError"], tries["RateLimitedError"]) == (asking.MACHINE_TRIES, asking.MACHINE_TRIES)
    assert tries["ProviderTimeoutError"] == asking.MACHINE_TRIES_AFTER_TIMEOUT


@each_task
def test_a_task_retries_what_may_pass_and_nothing_else(task: State) -> None:
    retried = names_matched(task.body, "Retry")

    may_pass = {"TransientError", "StepFunctions.SdkClientException", "Sfn.SfnException"}
    assert may_pass & set(retried), f"{task} retries nothing that may pass"
    assert not {"States.ALL", "States.TaskFailed", "Exception"} & set(retried), f"{task} retries everything"
    assert not (set(retried) & set(OUR_ERRORS)) - RETRYABLE, f"{task} retries what cannot pass"
    assert len(retried) == len(set(retried)), f"{task} names an error in two retries, and only the first one counts"


@each_task
def test_a_task_retries_with_jitter_under_a_cap_and_a_timeout_once(task: State) -> None:
    for retrier in task.body["Retry"]:
        attempts = retrier.get("MaxAttempts", 3)
        if attempts > 1:
            assert retrier.get("JitterStrategy") == "FULL", f"{task}: everybody retries in the same second"
            assert retrier.get("MaxDelaySeconds", 60) <= 60, f"{task}: the delay grows without limit"
        if set(retrier["ErrorEquals"]) & {"States.Timeout", "Sandbox.Timedout", "ProviderTimeoutError"}:
            assert attempts <= 1, f"{task}: what took too long once seldom is quick the second time"


@each_task
def test_a_task_catches_everything_and_its_failure_can_end_in_fail(task: State) -> None:
    catchers = task.body.get("Catch", [])

    assert catchers, f"{task} catches nothing"
    assert catchers[-1]["ErrorEquals"] == ["States.ALL"], f"{task}: an error of an unknown name escapes"
    for catcher in catchers:
        ends = {task.siblings[name]["Type"] for name in reachable(task, catcher["Next"])}
        assert "Fail" in ends, f"{task}: after {catcher['ErrorEquals']} nothing can end in Fail"


def can_succeed(state: State, start: str) -> bool:
    """Say whether a run that comes to a state of this level can end well."""
    ends = [state.siblings[name] for name in reachable(state, start)]
    return any(body.get("End") or body["Type"] == "Succeed" for body in ends)


@each_machine
def test_only_an_error_of_the_callers_ends_well_and_only_after_it_was_recorded(machine: str) -> None:
    recordings = [state for state in states(machine) if state.name == "RecordFailure"]
    if not recordings:
        ways = [(task, catcher["Next"]) for task in states(machine) for catcher in task.body.get("Catch", [])]
        assert not [f"{task}: {start}" for task, start in ways if can_succeed(task, start)]
        return
    (recording,) = recordings
    choice = recording.siblings[recording.body["Next"]]
    (turned_down,) = (way for way in choice["Choices"] if can_succeed(recording, way["Next"]))

    named = re.fullmatch(r"{% \$error in \[('\w+'(?:, '\w+')*)\] %}", turned_down["Condition"])
    assert named, "anything else might let a failure of ours end well"
    assert set(re.findall(r"\w+", named[1])) <= CALLERS_ERRORS
    assert not can_succeed(recording, choice["Default"]), "a failure of ours is to be heard of"
    for catcher in recording.body["Catch"]:
        assert not can_succeed(recording, catcher["Next"]), "what could not be recorded is to be heard of"
    ways_there = [name for name, body in recording.siblings.items() if turned_down["Next"] in next_states(body)]
    assert ways_there == [recording.body["Next"]], "an error could end well without a record"


def test_the_callers_errors_are_those_of_the_design() -> None:
    assert {"UnsupportedInputError", "DocumentRejectedError", "NotFoundError", "ConflictError"} <= CALLERS_ERRORS
    assert not CALLERS_ERRORS & {"BudgetExceededError", "ConfigurationError", "ProvidersUnavailableError"}


def test_every_error_named_in_a_machine_exists() -> None:
    named = {
        name for state in all_states() for field in ("Retry", "Catch") for name in names_matched(state.body, field)
    }

    assert len(named) >= 8
    assert {name for name in named if name not in OUR_ERRORS and not SERVICE_ERROR.match(name)} == set()


@each_machine
def test_every_retryable_error_is_retried_somewhere_in_each_machine(machine: str) -> None:
    retried = {name for state in states(machine) for name in names_matched(state.body, "Retry")}

    assert retried >= RETRYABLE


@pytest.mark.parametrize("machine", WORK_ON_INPUTS)
def test_the_second_pass_of_an_erasure_begins_after_the_last_stage_that_could_still_write(machine: str) -> None:
    delay = template()["Parameters"]["SecondPassDelaySeconds"]["Default"]
    longest = max(state.body.get("TimeoutSeconds", 0) for state in states(machine))

    # A stage that was begun in the last second of its run goes on without it.
    assert delay >= definition(machine)["TimeoutSeconds"] + longest


@pytest.mark.parametrize("machine", WORK_ON_INPUTS)
def test_a_run_that_finds_its_input_erased_asks_no_other_provider_and_wakes_nobody(machine: str) -> None:
    callers = [
        catcher["ErrorEquals"]
        for state in states(machine)
        for catcher in state.body.get("Catch", [])
        if "NotFoundError" in catcher["ErrorEquals"]
    ]

    assert callers
    assert all("ErasedError" in names for names in callers)
    assert "'ErasedError'" in definition(machine)["States"]["IsTheCallersError"]["Choices"][0]["Condition"]
