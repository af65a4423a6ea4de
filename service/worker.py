"""gunicorn's thread worker, made strong where one slow or broken client could hold up the others.

- A connection gets a thread when its request has come whole (`connections.py`); a slow one gets 408 and never a thread.
- Closing after an answer waits in the poller; gunicorn waits in its main loop, up to two seconds for each connection.
- What gunicorn itself refuses (a malformed head) is answered as a problem too, and logged without the words that came.
- SIGTERM: `/readyz` says 503 while requests are still taken, then the door closes, and what was let in is finished.
- A model thread that is dead or hangs ends the process, and gunicorn starts a new one.
"""

import contextlib
import logging
import os
import select
import time
from typing import Any

from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from service import Service, problems
from service.admission import Full
from service.connections import Connections, Why
from service.exchange import UNMATCHED, new_identity
from service.receiving import Incoming
from service.settings import Settings

LOG = logging.getLogger("service")
STOP_IDLE_SECONDS = 1.0
"""A stopping worker keeps idle connections this long, for a request that is already on its way."""

UNHEALTHY_EXIT = 70
PATIENCE = 2
"""Times `hang_seconds` that a failing model thread has to come back, after `/livez` began to tell: an orchestrator that
watches it acts first, and a machine that only was too busy is not made busier."""

REFUSALS: tuple[tuple[type[Exception], int], ...] = (
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ExpectationFailed, 417),
    (errors.ForbiddenProxyRequest, 403),
    (errors.InvalidHTTPVersion, 505),
    (errors.ConfigurationProblem, 500),
    (errors.InvalidResponseHeader, 500),
    (errors.InvalidResponseHeaderName, 500),
    (errors.ParseException, 400),
)
"""What gunicorn raises on a request it cannot read, and the status for it; the first that fits."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """One process of the service. The main loop belongs to gunicorn; the methods here are those it calls."""

    settings: Settings
    alive: bool
    _closes_at: float | None = None
    _failing_since: float | None = None

    @property
    def service(self) -> Service:
        """What stands behind the application."""
        found: Service = self.wsgi.extensions["quotes"]
        return found

    def init_process(self) -> None:
        """Runs in the new process; gunicorn's own part loads the application and does not return before the end."""
        self.settings = Settings.from_environment(os.environ)
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop."""
        self.connections = Connections(self.poller, self.settings.receive_seconds, self._whole, self._given_up)
        super().run()

    def accept(self, listener: Any) -> None:
        """Take a connection and wait for its request without a thread."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if isinstance(error, BlockingIOError | ConnectionAbortedError):
                return
            raise
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self.connections.make_room()
        self.connections.watch(TConn(self.cfg, sock, address, listener.getsockname()), self.settings.receive_seconds)

    def finish_request(self, conn: TConn, future: Any) -> None:
        """A thread is done with a connection: wait for its next request, or close it."""
        try:
            keep = bool(future.result()) and not future.cancelled()
            begun = conn.parser.unreader.take_buffered() if keep else b""
            if keep:
                idle = self.cfg.keepalive if self.alive else STOP_IDLE_SECONDS
                self.connections.watch(conn, idle, begun)
            else:
                self.connections.linger(conn)
        except Exception:
            LOG.error("a connection could not be kept", exc_info=True)
            self._close(conn)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Answer a whole request, in a thread. A client that does not read its answer loses it after a while."""
        conn.sock.settimeout(self.settings.receive_seconds)
        req._expected_100_continue = False  # said in `connections.py` already, or about to be refused
        if not conn.whole_body:
            req.force_close()
        try:
            return bool(super().handle_request(req, conn))
        except TimeoutError:
            LOG.info("a client did not read its answer")
            return False

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what gunicorn could not read, in a thread."""
        status = next((status for kind, status in REFUSALS if isinstance(exc, kind)), 500)
        if status == 500:
            LOG.error("unhandled in the server", exc_info=exc)
        self._refuse(client, status, "internal" if status == 500 else "", problems.PLAIN[status])

    def murder_keepalived(self, force: bool = False) -> None:
        """Called in each turn of the main loop; there is nothing to do, the connections are ours."""

    def murder_pending(self) -> None:
        """Called in each turn of the main loop: give up connections whose time is over."""
        self.connections.sweep(time.monotonic())

    def notify(self) -> None:
        """Called in each turn of the main loop: tell gunicorn that we live, see to the model thread and to stopping."""
        super().notify()
        now = time.monotonic()
        self._watch_model(now)
        if self._closes_at is not None and now >= self._closes_at and self.alive:
            self.service.close()
            self.alive = False
            self.method_queue.defer(lambda: None)  # wakes the loop

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: say that we are stopping; the door closes a little later, in `notify`."""
        if self._closes_at is None:
            self.service.drain()
            self._closes_at = time.monotonic() + self.settings.drain_seconds
            self.method_queue.defer(lambda: None)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Open or close the door. When it closes for good, those who already stand before it are let in first."""
        if self._accepting and not enabled and not self.alive:
            for listener in self.sockets:
                while select.select([listener], [], [], 0)[0]:
                    self.accept(listener)
            super().set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()  # at once: whoever comes now is refused and can try elsewhere
            self.connections.hurry(time.monotonic() + STOP_IDLE_SECONDS)
            return
        super().set_accept_enabled(enabled)

    def _whole(self, conn: TConn, incoming: Incoming) -> None:
        """A request has come whole: to a thread with it, or away at once where there is no room."""
        if incoming.plain and not self.settings.cors_origins and (full := self.service.pipeline.admission.closed()):
            self._turn_away(conn, full, incoming.identity)
            return
        conn.init()
        conn.whole_body = incoming.whole_body
        conn.parser.unreader.unread(bytes(incoming.content))
        self.enqueue_req(conn)

    def _turn_away(self, conn: TConn, full: Full, identity: str | None) -> None:
        """Refuse in the main loop what the application would refuse.

        A crowd's refusals, each with a thread and the application's whole way, took more than half of the time the model
        had (4 articles a second instead of 10). API keys are not looked at before there is room again, and what browsers
        of other origins need is not made here.
        """
        detail = self.service.pipeline.turned_away(full)
        self._say(conn.sock, 503, "full", detail, ("POST", "/attribute"), full.seconds, identity)
        self.connections.watch(conn, self.cfg.keepalive if self.alive else STOP_IDLE_SECONDS)

    def _given_up(self, conn: TConn, why: Why) -> None:
        if why is Why.SLOW:
            seconds = self.settings.receive_seconds
            detail = f"The request did not come whole within {seconds:g} s; send it again."
            self.service.metrics.rejected("too-slow")
            self._refuse(conn.sock, 408, "too-slow", detail)
        elif why is Why.HEAD:
            self._refuse(conn.sock, 431, "", problems.PLAIN[431])
        if why in (Why.SLOW, Why.HEAD):
            self.connections.linger(conn)
        else:
            self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def _refuse(self, sock: Any, status: int, kind: str, detail: str) -> None:
        """Answer without the application; neither the log nor the answer holds a word of what came."""
        self._say(sock, status, kind, detail, ("OTHER", UNMATCHED))

    def _say(
        self,
        sock: Any,
        status: int,
        kind: str,
        detail: str,
        asked: tuple[str, str],
        retry_after: int | None = None,
        identity: str | None = None,
    ) -> None:
        identity = identity or new_identity()
        with contextlib.suppress(OSError):
            sock.send(problems.wire(status, kind, detail, identity, retry_after))
        self.service.metrics.refused(*asked, status)
        LOG.info("refused", extra={"request_id": identity, "status": status})

    def _watch_model(self, now: float) -> None:
        """End the process where the model thread cannot be saved, some time after `/livez` began to tell."""
        why = self.service.pipeline.batcher.failing()
        if why is None:
            self._failing_since = None
        elif self._failing_since is None:
            self._failing_since = now
            LOG.critical("the model thread fails", extra={"why": why})
        elif now - self._failing_since > PATIENCE * self.settings.hang_seconds:
            LOG.critical("the process ends for its model thread", extra={"why": why})
            os._exit(UNHEALTHY_EXIT)  # a hung thread would never let it end in order
