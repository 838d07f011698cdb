"""The process that serves a preview: it answers browsers and watches files, and builds nothing.

`digest.serving` starts it and speaks with it by lines of `digest.messages`; it ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from digest.messages import Begin, Built, Changed, Message, Opened, line_of, message_of

TRIES: Final = 100
"""Ports that are tried, from the first one on."""
FAREWELL: Final = 2.0
"""Seconds that browsers have to take in their last bytes."""


def bound(host: str, port: int) -> socket.socket:
    """Return a socket at the first free port from `port` on; raises OSError where there is none."""
    for number in range(port, min(port + TRIES, 65536)):
        family, kind, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind)
        try:
            if sys.platform != "win32":  # there it would let two servers have one port
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen()
        except OSError as error:
            made.close()
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
        else:
            return made
    raise OSError(errno.EADDRINUSE, f"no port from {port} on is free")


async def _serve(begin: Begin, listening: socket.socket, incoming: asyncio.Queue[Message | None]) -> None:
    from uvicorn import Config, Server  # noqa: PLC0415 - the port is told of before all this is read

    from digest.answers import Answers  # noqa: PLC0415
    from digest.browsers import Browsers  # noqa: PLC0415
    from digest.watching import watch  # noqa: PLC0415
    from digest.webapp import application  # noqa: PLC0415

    browsers = Browsers()
    answers = Answers(Path(begin.site), browsers)
    app = application(answers, browsers, begin.names)
    server = Server(Config(app, log_config=None, log_level="error", access_log=False, lifespan="off", ws="none"))
    tasks = {
        asyncio.create_task(server.serve([listening])),
        watching := asyncio.create_task(watch(Path(begin.root), lambda paths: _send(Changed(paths)))),
    }
    while (message := await incoming.get()) is not None:
        if isinstance(message, Built):
            answers.base_path = message.base_path or answers.base_path
            browsers.tell(message)
    watching.cancel()
    browsers.close()
    server.should_exit = True
    await asyncio.wait(tasks, timeout=FAREWELL)


def _send(message: Message) -> None:
    with suppress(BrokenPipeError):  # who started this is gone, and so is this in a moment
        sys.stdout.buffer.write(line_of(message))
        sys.stdout.buffer.flush()


async def _run() -> None:
    begin = message_of(sys.stdin.buffer.readline())
    if not isinstance(begin, Begin):
        message = "the first message says what to serve"
        raise TypeError(message)
    try:
        listening = bound(begin.host, begin.port)
    except (OSError, UnicodeError) as error:
        _send(Opened(0, getattr(error, "strerror", None) or str(error)))
        return
    _send(Opened(listening.getsockname()[1]))
    incoming: asyncio.Queue[Message | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin.buffer:
            loop.call_soon_threadsafe(incoming.put_nowait, message_of(line))
        loop.call_soon_threadsafe(incoming.put_nowait, None)

    threading.Thread(target=listen, daemon=True).start()
    await _serve(begin, listening, incoming)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this says when to end
    asyncio.run(_run())
