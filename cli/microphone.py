"""A recording from the microphone, by whichever recorder this machine has."""

from __future__ import annotations

import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cli.errors import CliError, ExitCode
from cli.output import Output

NAME = "mic"
"""Says "the microphone" where a file's name is expected."""
LONGEST_SECONDS = 60
"""What the API takes in one request."""
_SECONDS_TO_CLOSE = 5
_SECONDS_BETWEEN_LOOKS = 0.1

_WAV_16_KHZ_MONO = ("-ac", "1", "-ar", "16000", "-y")
_QUIET_FFMPEG = ("ffmpeg", "-nostdin", "-loglevel", "error")


def record(output: Output) -> bytes:
    """Record until Enter is pressed, and return a WAV file.

    Raises
    ------
    CliError
        There is no recorder, or it finds no microphone.
    """
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "recording.wav")
        recorder = subprocess.Popen(_command(file), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            output.note(f"Speak, then press Enter. {LONGEST_SECONDS} s at most.")
            _wait_for_enter(recorder)
        finally:
            complaint = _end(recorder)
        if not file.exists() or file.stat().st_size == 0:
            raise CliError(
                f"Nothing could be recorded: {complaint or 'the recorder said nothing'}. "
                "Connect a microphone, or give a file to --voice.",
                ExitCode.NOT_READY,
            )
        return file.read_bytes()


def _command(file: Path) -> tuple[str, ...]:
    """Choose a recorder; each of them ends its file well when it is interrupted."""
    if shutil.which("arecord"):
        return ("arecord", "-q", "-t", "wav", "-f", "S16_LE", "-r", "16000", "-c", "1", str(file))
    if shutil.which("ffmpeg"):
        device = ("avfoundation", ":default") if sys.platform == "darwin" else ("pulse", "default")
        return (*_QUIET_FFMPEG, "-f", device[0], "-i", device[1], *_WAV_16_KHZ_MONO, str(file))
    raise CliError(
        "There is no recorder on this machine. Install alsa-utils or ffmpeg, or give a file to --voice.",
        ExitCode.NOT_READY,
    )


def _wait_for_enter(recorder: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline and recorder.poll() is None:
        ready, _, _ = select.select([sys.stdin], [], [], _SECONDS_BETWEEN_LOOKS)
        if ready:
            sys.stdin.readline()
            return


def _end(recorder: subprocess.Popen[str]) -> str:
    """Interrupt a recorder, and return the last thing that it complained of."""
    if recorder.poll() is None:
        recorder.send_signal(signal.SIGINT)
    try:
        _, complaints = recorder.communicate(timeout=_SECONDS_TO_CLOSE)
    except subprocess.TimeoutExpired:
        recorder.kill()
        _, complaints = recorder.communicate()
    return (complaints.strip().splitlines() or [""])[-1]
