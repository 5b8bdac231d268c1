"""Write down English speech with pocketsphinx: the child process of the `pocketsphinx` adapter.

Reads 16 kHz mono 16-bit samples from standard input and writes one JSON object:
``{"utterances": [{"text": …, "word_confidences": [0 to 1, …]}, …]}``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from intake.providers.embedded._worker import OUT_OF_MEMORY_STATUS

SAMPLE_RATE = 16_000
_LONGEST_UTTERANCE = 30 * SAMPLE_RATE * 2
"""Bytes. The decoder's memory grows with an utterance; without a pause it is cut here."""


def utterances(samples: bytes) -> Iterator[bytes]:
    """Cut samples into stretches of speech at the pauses; silence gives none."""
    import pocketsphinx

    endpointer = pocketsphinx.Endpointer(sample_rate=SAMPLE_RATE)
    size = endpointer.frame_bytes
    speech = bytearray()
    for start in range(0, len(samples), size):
        frame = samples[start : start + size]
        is_last = start + size >= len(samples)
        heard = endpointer.end_stream(frame) if is_last else endpointer.process(frame)
        if heard is not None:
            speech += heard
        if speech and (is_last or not endpointer.in_speech or len(speech) >= _LONGEST_UTTERANCE):
            yield bytes(speech)
            speech.clear()


def transcribe(samples: bytes) -> list[dict[str, Any]]:
    """Return the text of each utterance with pocketsphinx's posterior probability of each word."""
    import pocketsphinx

    decoder = pocketsphinx.Decoder(samprate=SAMPLE_RATE, loglevel="FATAL")
    found = []
    for speech in utterances(samples):
        decoder.start_utt()
        decoder.process_raw(speech, full_utt=True)
        decoder.end_utt()
        hypothesis = decoder.hyp()
        if hypothesis is None or not hypothesis.hypstr.strip():
            continue
        # Fillers (<s>, <sil>, [NOISE], ++BREATH++) are no words; "to(2)" is a word with a second pronunciation.
        confidences = [segment.prob for segment in decoder.seg() if segment.word[0] not in "<[+"]
        found.append({"text": hypothesis.hypstr, "word_confidences": [min(1.0, value) for value in confidences]})
    return found


def main() -> None:
    """Work on standard input."""
    try:
        json.dump({"utterances": transcribe(sys.stdin.buffer.read())}, sys.stdout)
        sys.stdout.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY_STATUS)


if __name__ == "__main__":
    main()
