"""``python -m local up | down | status | run``."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from local.deploy import DeploymentError
from local.journal import Journal, problems
from local.launcher import LaunchError
from local.layout import REPOSITORY, Layout
from local.processes import Run
from local.seed import SeedError
from local.settings import MODES, exempt_this_machine
from local.supervisor import Plan, Stack

EMULATOR_DIED = 70
NOT_RUNNING = 3
_READY = "ready"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    layout = Layout(options.state_dir.resolve())
    # `kill` and Ctrl-C end everything the same way: through the clean-up of whatever is running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    exempt_this_machine(os.environ)
    try:
        return {"up": up, "down": down, "status": status, "run": run, "serve": serve}[options.command](options, layout)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--state-dir", type=Path, default=Layout.default().state, help="where this stack keeps its files [.intake]"
    )
    started = argparse.ArgumentParser(add_help=False)
    started.add_argument("--template", type=Path, default=REPOSITORY / "template.yaml")
    started.add_argument("--providers", choices=MODES, default=os.environ.get("INTAKE_PROVIDERS") or "embedded")
    started.add_argument("--port", type=int, default=4566, help="preferred port; 0 takes any free one [4566]")

    parser = argparse.ArgumentParser(prog="python -m local", description="The embedded AWS.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", parents=[shared, started], help="start, deploy and keep running")
    commands.add_parser("down", parents=[shared], help="end what `up` started")
    commands.add_parser("status", parents=[shared], help="say what runs, where, and what went wrong")
    runner = commands.add_parser("run", parents=[shared, started], help="start, run one command, and end")
    runner.add_argument("argv", nargs="+", metavar="-- command")
    commands.add_parser("serve", parents=[shared, started])  # the background half of `up`
    return parser


def up(options: argparse.Namespace, layout: Layout) -> int:
    """Start a stack in the background and return when it serves."""
    if running := _running(layout):
        print(
            f"local: already running on port {running.port}, providers {running.providers}: {layout.endpoints}",
            file=sys.stderr,
        )
        if running.providers != options.providers:
            print(f"local: for providers {options.providers}, `make down` first: it forgets all data", file=sys.stderr)
            return 1
        print("local: using it; keys and settings are those it was started with", file=sys.stderr)
        return 0
    child = subprocess.Popen(
        [sys.executable, "-m", "local", "serve", *_plan_arguments(options, layout)],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert child.stdout is not None
        return 0 if child.stdout.readline().strip() == _READY else child.wait() or 1
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise


def serve(options: argparse.Namespace, layout: Layout) -> int:
    """Run a stack until it is ended or the emulator dies."""
    journal = Journal(layout.journal, echo=True)
    with Stack(_plan(options, layout), journal) as stack:
        if not _started(stack, journal):
            return 1
        print(_READY, flush=True)
        # Whoever typed `up` has gone on; a line on his terminal now would be in his way.
        journal.quiet()
        with layout.journal.open("a", encoding="utf-8") as log:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(log.fileno(), stream.fileno())
        while stack.wait(3600):
            pass
    return EMULATOR_DIED


def run(options: argparse.Namespace, layout: Layout) -> int:
    """Run one command beside a stack, and end what was started; use the running one if there is one."""
    if _running(layout):
        print("local: using the stack that is running already", file=sys.stderr)
        return subprocess.run(options.argv, env=_command_environment(layout), check=False).returncode
    journal = Journal(layout.journal, echo=True)
    with Stack(_plan(options, layout), journal) as stack:
        if not _started(stack, journal):
            return 1
        command = subprocess.Popen(options.argv, env=_command_environment(layout))
        try:
            while command.poll() is None:
                if not stack.wait(0.1):
                    command.terminate()
                    command.wait()
                    return EMULATOR_DIED
        finally:
            if command.poll() is None:
                command.terminate()
                command.wait()
        return command.returncode if command.returncode >= 0 else 128 - command.returncode


def down(_: argparse.Namespace, layout: Layout) -> int:
    """End exactly what was started."""
    recorded = Run.load(layout.processes)
    if recorded is None:
        print("local: nothing is running", file=sys.stderr)
        return 0
    if not recorded.alive():
        print("local: nothing is running; removed what a dead run left", file=sys.stderr)
    for process in recorded.end():
        print(f"local: the {process.name} (process {process.pid}) had to be killed", file=sys.stderr)
    layout.processes.unlink(missing_ok=True)
    layout.endpoints.unlink(missing_ok=True)
    return 0


def status(_: argparse.Namespace, layout: Layout) -> int:
    """Print what runs, where its logs are, and what went wrong since the start."""
    recorded = Run.load(layout.processes)
    alive = recorded.alive() if recorded else []
    if recorded is None:
        print("not running")
    elif recorded.state == "running" and len(alive) == len(recorded.processes):
        print(f"running on http://127.0.0.1:{recorded.port}; endpoints in {layout.endpoints}")
    elif recorded.state == "starting" and alive:
        print(f"starting on port {recorded.port}")
    else:
        print("not running: the last run died; `python -m local down` clears it away")
    for process in recorded.processes if recorded else ():
        print(f"  {process.name}: process {process.pid}{'' if process in alive else ' (ended)'}")
    print(f"logs: {layout.journal}\n      {layout.emulator_log}\n      {layout.function_logs}/<function>.log")
    if layout.journal.exists():
        with layout.journal.open(encoding="utf-8") as lines:
            found = problems(lines)
        if found:
            print(f"problems since the start: {len(found)}; the last ones:")
            print("\n".join(f"  {line}" for line in found[-5:]))
    return 0 if recorded and recorded.state == "running" and len(alive) == len(recorded.processes) else NOT_RUNNING


def _running(layout: Layout) -> Run | None:
    recorded = Run.load(layout.processes)
    if recorded is None:
        return None
    if len(recorded.alive()) == len(recorded.processes) and recorded.state != "failed":
        return recorded
    # Half of a run is no run: end the rest before another starts.
    recorded.end()
    layout.processes.unlink(missing_ok=True)
    return None


def _started(stack: Stack, journal: Journal) -> bool:
    try:
        stack.start()
    except (LaunchError, DeploymentError, SeedError, ValueError) as error:
        journal.problem(str(error))
        return False
    return True


def _plan(options: argparse.Namespace, layout: Layout) -> Plan:
    return Plan(layout, options.template.resolve(), options.providers, options.port or None)


def _plan_arguments(options: argparse.Namespace, layout: Layout) -> list[str]:
    return [
        f"--state-dir={layout.state}",
        f"--template={options.template.resolve()}",
        f"--providers={options.providers}",
        f"--port={options.port}",
    ]


def _command_environment(layout: Layout) -> dict[str, str]:
    return {**os.environ, "INTAKE_LOCAL_FILE": str(layout.endpoints)}


if __name__ == "__main__":
    raise SystemExit(main())
