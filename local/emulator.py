"""The emulator's process: ministack with our patches. Runs in the emulator's environment, not in the product's."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading


async def serve() -> None:
    """Serve until asked to stop, or until whoever started us is gone."""
    from hypercorn.asyncio import serve as hypercorn_serve  # type: ignore[import-not-found]
    from hypercorn.config import Config  # type: ignore[import-not-found]
    from ministack.app import app

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def watch_the_supervisor() -> None:
        # Its end of the pipe closes however it dies: no emulator is left behind.
        sys.stdin.read()
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch_the_supervisor, daemon=True, name="intake-supervisor-watch").start()

    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    await hypercorn_serve(app, config, shutdown_trigger=stop.wait)


def main() -> int:
    """Patch, serve, and end the workers."""
    from local.patches import apply_all
    from local.patching import PatchError

    try:
        apply_all()
    except PatchError as error:
        print(f"a patch does not fit the emulator: {error}", flush=True)
        return 3
    try:
        asyncio.run(serve())
    finally:
        from ministack.core import lambda_runtime

        lambda_runtime.reset()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Threads of unfinished executions would hold the process until their pauses are over.
    os._exit(status)
