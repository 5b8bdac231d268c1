"""Where the local runtime keeps its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
ACCOUNT = "000000000000"


def environment_python(name: str) -> Path:
    """Return the interpreter of one of the repository's virtual environments."""
    return REPOSITORY / name / "bin" / "python"


@dataclass(frozen=True)
class Layout:
    """The files of one running stack; two stacks never share a state directory."""

    state: Path

    @classmethod
    def default(cls) -> Layout:
        return cls(REPOSITORY / ".intake")

    @property
    def endpoints(self) -> Path:
        return self.state / "local.json"

    @property
    def processes(self) -> Path:
        return self.state / "processes.json"

    @property
    def lock(self) -> Path:
        return self.state / "lock"

    @property
    def journal(self) -> Path:
        return self.state / "local.log"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def emulator_log(self) -> Path:
        return self.logs / "emulator.log"

    @property
    def function_logs(self) -> Path:
        return self.logs / "functions"

    @property
    def objects(self) -> Path:
        """Objects of the local S3: on disk, so that a 40 MB upload does not stay in the emulator's memory."""
        return self.state / "s3"

    @property
    def temporary(self) -> Path:
        return self.state / "tmp"

    def create(self) -> None:
        """Make the directories, readable by their owner alone: texts and documents of local runs end up here."""
        for directory in (self.state, self.logs, self.function_logs, self.objects, self.temporary):
            directory.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o700)
