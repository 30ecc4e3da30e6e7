"""The server: ends at once and in order, though readers wait for news."""

from __future__ import annotations

import contextlib
from types import FrameType
from typing import Any

import uvicorn
from litestar import Litestar

from sijill.errors import OptionError
from sijill.web.pulse import Pulse


class Server(uvicorn.Server):
    """A server of the site. Who waits for news is let go before the server waits for open answers to end."""

    def __init__(self, app: Litestar, **told: Any) -> None:
        pulse = app.state.pulse
        assert isinstance(pulse, Pulse)
        self.pulse = pulse
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,  # addresses of readers are personal data
                log_level="warning",
                timeout_graceful_shutdown=5,
                server_header=False,
                **told,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to end; a second one ends at once."""
        self.pulse.let_go()
        super().handle_exit(sig, frame)

    def end(self) -> None:
        """End soon; from any thread."""
        self.pulse.let_go()
        self.should_exit = True

    def serve_until_ended(self) -> None:
        """Serve until a signal comes. Raises `OptionError` where it cannot begin."""
        with contextlib.suppress(KeyboardInterrupt):
            self.run()
        if not self.started:
            raise OptionError("the server could not begin; the line before says why")
