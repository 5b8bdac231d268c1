"""What `sam build` makes: complete, small enough, and with bytecode that Lambda does not make again at each cold start.

Built for this machine's processor, so that the packages can be imported here with nothing else on the path.
Wheels come from the package index that pip is configured for, as at set-up.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.template import read_template

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = read_template(ROOT / "template.yaml")
FUNCTIONS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}
LAZY = {
    "CoreLayer": ["boto3", "openai", "pynamodb.models", "aws_lambda_powertools"],
    "AudioLayer": ["imageio_ffmpeg"],
    "DocumentsLayer": ["numpy", "pypdfium2", "tiktoken", "PIL.Image"],
}
"""What functions import when first called, by the layer that brings it."""
MEGABYTE = 1_000_000
MOST_UNPACKED = 250 * 1024**2
"""Bytes of a function and its layers together; Lambda counts in powers of two: it names 262144000 bytes."""
UNCHECKED_HASH = 0b01
"""Flags of a .pyc whose source is never looked at: https://peps.python.org/pep-0552/."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("build")]


@dataclass(frozen=True)
class Build:
    """The packages, and an interpreter like the one that will run them."""

    folder: Path
    python: Path

    def path(self, function: str) -> list[Path]:
        """Return what Lambda puts on the path of a function: its package, then its layers."""
        return [self.folder / function, *(self.folder / layer / "python" for layer in layers_of(function))]

    def run(self, code: str, path: list[Path]) -> subprocess.CompletedProcess[str]:
        # -I and -S: neither the environment nor what is installed here helps.
        setup = f"import sys; sys.path[:0] = {[str(folder) for folder in path]!r}\n"
        command = [str(self.python), "-I", "-S", "-B", "-c", setup + code]
        return subprocess.run(command, env={}, capture_output=True, text=True, timeout=60, check=False)


def layers_of(function: str) -> list[str]:
    references = [*TEMPLATE["Globals"]["Function"]["Layers"], *FUNCTIONS[function].get("Layers", [])]
    return [reference["Ref"] for reference in references]


def runnable_runtime() -> tuple[str, Path]:
    """Return the first runtime that the template allows and that runs here, its default before the others.

    Where none does, this interpreter stands in: it could not be deployed, but it is packaged the same way.
    """
    parameter = TEMPLATE["Parameters"]["PythonRuntime"]
    for runtime in [parameter["Default"], *parameter["AllowedValues"]]:
        command = [ROOT / "scripts" / "find-python", runtime.removeprefix("python")]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return runtime, Path(found.stdout.strip())
    return f"python{sys.version_info.major}.{sys.version_info.minor}", Path(sys.executable).resolve()


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Build every function and layer of the template, once."""
    runtime, python = runnable_runtime()
    architecture = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    folder = tmp_path_factory.mktemp("packages")
    command = [str(ROOT / ".venv-sam" / "bin" / "sam"), "build", "--build-dir", str(folder / "build")]
    command += ["--parameter-overrides", f"Architecture={architecture}"]
    if runtime in TEMPLATE["Parameters"]["PythonRuntime"]["AllowedValues"]:
        command += [f"PythonRuntime={runtime}"]
    environment = {**os.environ, "RUNTIME": runtime, "ARCHITECTURE": architecture, "SAM_CLI_TELEMETRY": "0"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if result.returncode and ("NewConnectionError" in result.stderr or "name resolution" in result.stderr):
        pytest.skip("no package index answers")
    assert result.returncode == 0, result.stderr
    yield Build(folder / "build", python)
    shutil.rmtree(folder)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_every_source_has_bytecode_that_is_valid_whatever_the_time_of_its_file(build: Build) -> None:
    magic = bytes.fromhex(build.run("import importlib.util; print(importlib.util.MAGIC_NUMBER.hex())", []).stdout)
    tag = build.run("print(sys.implementation.cache_tag)", []).stdout.strip()
    sources = list(build.folder.rglob("*.py"))

    assert len(sources) >= 1000, "the walk does not see the packages"
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
        header = compiled.read_bytes()[:8]
        assert header[:4] == magic, f"{compiled} is for another Python"
        assert int.from_bytes(header[4:], "little") == UNCHECKED_HASH, f"{compiled} would be compared with its source"
    assert len(list(build.folder.rglob("*.pyc"))) == len(sources), "bytecode of something else was packed"


def test_an_import_never_compiles_again(build: Build, tmp_path: Path) -> None:
    layer = tmp_path / "python"
    shutil.copytree(build.folder / "CoreLayer" / "python" / "intake", layer / "intake")
    # As in SAM's zip, the sources bear another time than when they were compiled; and whoever compiles these, fails.
    for source in layer.rglob("*.py"):
        source.write_text("raise SystemExit('compiled again')\n", encoding="utf-8")
        os.utime(source, (315_532_800, 315_532_800))

    result = build.run("import intake.errors, intake.settings; print('valid')", [layer, *build.path("ApiFunction")])

    assert result.stdout == "valid\n", result.stderr


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_imports_from_its_package_and_layers_alone(build: Build, function: str) -> None:
    lazy = [module for layer in layers_of(function) for module in LAZY[layer]]

    result = build.run(f"import app, {', '.join(lazy)}\nassert callable(app.handler)", build.path(function))

    assert result.returncode == 0, result.stderr


def test_the_language_model_is_in_the_package_that_detects_languages(build: Build) -> None:
    code = "import json, py3langid; print(json.dumps(py3langid.classify('¿Cubre la póliza el robo de mi coche?')[0]))"

    result = build.run(code, build.path("DetectLanguageFunction"))

    assert json.loads(result.stdout) == "es", result.stderr


def test_the_decoder_of_recordings_is_in_its_layer_and_runs(build: Build) -> None:
    code = (
        "from intake.inputs.audio_preparation import wav\n"
        "from intake.providers.embedded.ffmpeg import Ffmpeg, find_ffmpeg\n"
        "samples = bytes(range(256)) * 250\n"
        "decoded = Ffmpeg().decode(wav(samples), media_type='audio/wav', longest_seconds=60)\n"
        "print(decoded.samples == samples, find_ffmpeg())"
    )

    result = build.run(code, build.path("PrepareAudioFunction"))

    assert result.stdout.startswith(f"True {build.folder / 'AudioLayer'}"), result.stderr


def test_packages_stay_below_the_limits(build: Build) -> None:
    for function in FUNCTIONS:
        own, *layers = (size(folder) for folder in build.path(function))
        assert own <= 60 * MEGABYTE, f"{function} takes {own / MEGABYTE:.0f} MB"
        assert own + sum(layers) <= MOST_UNPACKED, f"{function} with its layers is more than Lambda unpacks"


def test_packages_hold_nothing_that_lambda_does_not_need(build: Build) -> None:
    unwanted = ("Makefile", "requirements.txt", "*.pyi", "pip", "pytest", "moto")

    assert {str(path) for pattern in unwanted for path in build.folder.rglob(pattern)} == set()


def test_a_missing_interpreter_is_named_with_the_remedy(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "RUNTIME": "python3.99"}
    command = [ROOT / "scripts" / "package", tmp_path, tmp_path / "package"]

    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "Python 3.99 does not run here" in result.stderr
    assert "make build RUNTIME=" in result.stderr
