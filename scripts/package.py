"""Make a Lambda package: hashed wheels for the target processor, sources, and bytecode that Lambda does not make again.

SAM stamps every zip entry 1980, so that ordinary bytecode, which remembers its source's time, is never valid, and each
cold start compiles all it imports: 250 ms become 530 for the API. Unchecked hashes remember no time.
Run by the interpreter of the target version, because bytecode of another version is ignored.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

ROOT = Path(__file__).resolve().parent.parent
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
NEWEST_GLIBC = 34
"""Minor version of the C library of Amazon Linux 2023, on which Python 3.12 and later run."""
NOT_PACKAGED = shutil.ignore_patterns("__pycache__", "*.pyc", "Makefile", "requirements.txt")


def install(requirements: Path, destination: Path, machine: str) -> None:
    """Unpack the wheels that a compiled requirements file names, for Lambda and not for this machine."""
    platforms = ["manylinux2014", *(f"manylinux_2_{minor}" for minor in range(17, NEWEST_GLIBC + 1))]
    pip = ROOT / ".venv" / "bin" / "python"
    command = [str(pip if pip.exists() else sys.executable), "-m", "pip"]
    # Markers such as python_version are those of the interpreter that pip runs in: this one, not the environment's.
    command += [
        "--python",
        sys.executable,
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--root-user-action=ignore",
    ]
    command += ["--no-compile", "--no-deps", "--only-binary=:all:", "--require-hashes", "--target", str(destination)]
    command += [f"--platform={platform}_{machine}" for platform in platforms]
    subprocess.run([*command, "--requirement", str(requirements)], check=True)
    for unused in (*destination.glob("bin"), *destination.rglob("*.pyi"), *destination.rglob("tests")):
        shutil.rmtree(unused) if unused.is_dir() else unused.unlink()


def package(source: Path, destination: Path, architecture: str) -> None:
    """Write the package of one folder.

    Parameters
    ----------
    source
        Sources, with a ``requirements.txt`` where they need more than the layers bring.
    destination
        Made if missing.
    architecture
        ``arm64`` or ``x86_64``.

    Raises
    ------
    SystemExit
        A source does not compile.
    """
    destination.mkdir(parents=True, exist_ok=True)
    requirements = source / "requirements.txt"
    if requirements.exists():
        install(requirements, destination, MACHINES[architecture])
    shutil.copytree(source, destination, ignore=NOT_PACKAGED, dirs_exist_ok=True)
    compiled = compileall.compile_dir(
        destination, quiet=1, stripdir=destination, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )
    if not compiled:
        raise SystemExit(f"{source}: a source does not compile")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a Lambda package.")
    parser.add_argument("--architecture", choices=sorted(MACHINES), required=True)
    parser.add_argument("source", type=Path)
    parser.add_argument("destination", type=Path)
    arguments = parser.parse_args()
    package(arguments.source.resolve(), arguments.destination.resolve(), arguments.architecture)
