"""ffmpeg: every format that is taken, and nothing but the bytes that it is given."""

from __future__ import annotations

import stat
from array import array
from pathlib import Path

import pytest

from intake.errors import ConfigurationError, ProviderTimeoutError, UnsupportedInputError
from intake.providers.embedded import ffmpeg
from intake.providers.embedded._subprocess import Limits
from intake.providers.embedded.ffmpeg import BYTES_PER_SECOND, Ffmpeg, find_ffmpeg
from tests.support.recordings import FORMATS, as_wav, encoded, made_by_ffmpeg, mixed, noise, syllables


def stand_in(folder: Path, script: str) -> Ffmpeg:
    """Return a decoder whose program is a script."""
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return Ffmpeg(lambda _: str(program))


def test_it_is_the_packaged_one() -> None:
    assert "imageio_ffmpeg" in str(find_ffmpeg())


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_decoded_with_and_without_its_name(suffix: str) -> None:
    audio = encoded(syllables(2), suffix)
    media_type = {"mp3": "audio/mpeg", "m4a": "audio/mp4"}.get(suffix, f"audio/{suffix}")

    named = Ffmpeg().decode(audio, longest_seconds=60, media_type=media_type)

    assert len(named.samples) / BYTES_PER_SECOND == pytest.approx(2, abs=0.1)
    assert named.stated_seconds is None or named.stated_seconds == pytest.approx(2, abs=0.2)
    assert Ffmpeg().decode(audio, longest_seconds=60) == named


def test_two_channels_become_one() -> None:
    stereo = made_by_ffmpeg("-i pipe:0 -ac 2 -ar 48000 -f wav", as_wav(syllables(1)))

    assert len(Ffmpeg().decode(stereo, longest_seconds=60).samples) / BYTES_PER_SECOND == pytest.approx(1, abs=0.01)


def test_a_picture_beside_the_sound_does_not_matter() -> None:
    options = "-i pipe:0 -f lavfi -i color=red:s=64x64:d=1 -map 0:a -map 1:v -c:v libvpx -c:a libopus -f webm"
    video = made_by_ffmpeg(options, as_wav(syllables(1)))

    decoded = Ffmpeg().decode(video, longest_seconds=60, media_type="audio/webm")

    assert len(decoded.samples) / BYTES_PER_SECOND == pytest.approx(1, abs=0.1)


def test_a_film_without_sound_is_told_from_a_damaged_file() -> None:
    silent_film = made_by_ffmpeg("-f lavfi -i color=red:s=64x64:d=1 -c:v libvpx -f webm")

    with pytest.raises(UnsupportedInputError, match="has no sound"):
        Ffmpeg().decode(silent_film, longest_seconds=60, media_type="audio/webm")


def test_what_is_too_long_shows_itself_and_no_more() -> None:
    day = made_by_ffmpeg("-f lavfi -i anullsrc=r=16000:cl=mono -t 7200 -f flac")

    decoded = Ffmpeg().decode(day, longest_seconds=60, media_type="audio/flac")

    assert len(day) < 2_000_000
    assert len(decoded.samples) == 61 * BYTES_PER_SECOND
    assert decoded.stated_seconds == 7200


@pytest.mark.parametrize(
    "trick",
    [
        "#EXTM3U\n#EXTINF:1,\nfile://{secret}\n",
        "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/\n",
        "ffconcat version 1.0\nfile '{secret}'\n",
        "<?xml version='1.0'?><MPD><BaseURL>file://{secret}</BaseURL></MPD>",
        "v=0\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/AVP 0\n",
    ],
    ids=["play list of files", "play list of addresses", "concat", "dash", "sdp"],
)
@pytest.mark.parametrize("media_type", [None, "audio/wav", "audio/mp4", "audio/webm", "audio/mpeg"])
def test_what_names_other_files_is_never_followed(trick: str, media_type: str | None, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(as_wav(syllables(2)))

    with pytest.raises(UnsupportedInputError, match="could not be decoded"):
        Ffmpeg().decode(trick.format(secret=secret, port=9).encode(), longest_seconds=60, media_type=media_type)


def test_an_m4a_that_refers_to_another_file_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.m4a"
    whole = encoded(syllables(2), "m4a")
    secret.write_bytes(whole)
    # The data reference of a track, which says "in this file", made to name the other one.
    reference = b"alis\x00\x00\x00\x00" + str(secret).encode()
    assert b"url \x00\x00\x00\x01" in whole
    tricky = whole.replace(b"url \x00\x00\x00\x01", reference[:8]) + reference

    try:
        decoded = Ffmpeg().decode(tricky, longest_seconds=60, media_type="audio/mp4")
    except UnsupportedInputError:
        return
    # It looked for the track's samples in the bytes that it was given.
    assert decoded == Ffmpeg().decode(whole, longest_seconds=60, media_type="audio/mp4")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("kill -SEGV $$", "damaged"),
        ("kill -ABRT $$", "unsafe to decode: it needed too much memory"),
        ("kill -XCPU $$", "unsafe to decode: it needed too much processor time"),
        ("head -c 10000000 /dev/zero", "unsafe to decode: it wrote too much"),
        ("exit 1", "damaged"),
        ("exit 0", "damaged"),
    ],
    ids=["crash", "memory", "processor", "output", "refusal", "nothing"],
)
def test_however_the_decoder_ends_the_recording_is_refused(script: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedInputError, match=told):
        stand_in(tmp_path, script).decode(b"x", longest_seconds=60)


def test_a_decoder_that_hangs_is_stopped_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "_limits", lambda _: Limits(seconds=0.2, cpu_seconds=5))

    with pytest.raises(ProviderTimeoutError):
        stand_in(tmp_path, "sleep 30").decode(b"x", longest_seconds=60)


def test_without_ffmpeg_the_remedy_is_told() -> None:
    with pytest.raises(ConfigurationError, match="pip install imageio-ffmpeg"):
        Ffmpeg(lambda _: None).decode(b"x", longest_seconds=60)


def test_noise_reduction_keeps_the_length() -> None:
    samples = mixed(syllables(2), noise(2, level=0.03)).tobytes()

    cleaner = Ffmpeg().reduce_noise(samples, background_dbfs=-30)

    assert len(cleaner) == len(samples)
    assert loudness(cleaner) < loudness(samples)


def loudness(samples: bytes) -> float:
    values = array("h", samples)
    return sum(value * value for value in values) / len(values)
