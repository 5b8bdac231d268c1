"""What child processes of the embedded engines share with their parents; light, for it is imported at each start."""

from __future__ import annotations

OUT_OF_MEMORY_STATUS = 71
"""Exit status by which a worker says that it met `MemoryError`."""
