"""`shopclerk up` and the processes it is made of: prepare, bot, schedule."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from feedback.knowledge import ReplyBook
from serving.server import find_running, stop_with_parent
from serving.versions import Rollout, VersionFolder, recover
from shopclerk.commands.model_server import running_model_server
from shopclerk.cpu_affinity import keep_to_one_core
from shopclerk.demo_shop import QUESTION_FILES, REPLY_FILE, put_demo_shop
from shopclerk.logs import set_up_logs
from shopclerk.printing import say
from shopclerk.settings import Settings, child_environment, misspelt_settings, read_settings
from shopclerk.wiring import (
    build_bot,
    build_orders,
    build_scheduler,
    open_database,
    utc_now,
    version_folder,
)
from shopclerk.wiring.processes import own_command

STOP_SECONDS = 10.0  # a child that has not ended by then is killed


class PortInUse(Exception):
    """The web chat cannot listen there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"port {port} on {host} is in use by another program; stop it, or choose another:"
            f" --port {port + 1}"
        )


class PreparationFailed(Exception):
    """The store or the first model could not be made ready."""

    def __init__(self) -> None:
        """The command's own lines say the reason."""
        super().__init__("this shop could not be made ready; the lines above say why.")


class NoModelServer(Exception):
    """A bot alone needs a model server that runs elsewhere."""

    def __init__(self) -> None:
        """Name the setting."""
        super().__init__(
            "SHOPCLERK_SERVING_ADDRESS is unset; name TensorFlow Serving's address (host:8500), or"
            " start everything together: shopclerk up"
        )


def up(*, host: str, port: int, demo_history: bool = False) -> None:
    """Everything on this machine, until Ctrl-C or SIGTERM."""
    began = time.monotonic()
    _end_by_sigterm()
    settings = _settings_at_start()
    settings = read_settings(public_url=_public_url(settings, port))
    refuse_port_in_use(host, port)
    damages = _damages(settings)
    if damages or VersionFolder(settings.models_dir).versions():
        fill_store(settings)
    else:  # elsewhere, since a first migration and training load much that the bot does without
        say("Preparing the shop …")
        _prepare_by("prepare")
    with contextlib.ExitStack() as children:
        model_server = children.enter_context(running_model_server(settings, rebuild=True))
        if demo_history:  # elsewhere, since the statistics' libraries take 150 MB
            say("Making up twelve weeks of history …")
            _prepare_by("demo-history")
        children.enter_context(_child_process("schedule", "--stop-with-parent"))
        # First of all at the end: anyone who starts meanwhile must not take a server that goes.
        children.callback(model_server.withdraw)
        _announce(settings, host, port, began)
        _serve(settings, model_server.address, host, port)
    say("Stopped.")


def prepare() -> None:
    """Store migrated, demo shop in an empty one, a first model if there is none."""
    settings = read_settings()
    fill_store(settings)
    make_first_model(settings)


def demo_history() -> None:
    """Twelve weeks of made-up history, reports included, in a store that has none."""
    from shopclerk.commands.simulate import put_demo_history

    settings = read_settings()
    database = open_database(settings)
    try:
        if not put_demo_history(settings, database):
            say("The store has a history of its own: nothing was made up.")
    finally:
        database.close()


def make_first_model(settings: Settings) -> None:
    """Train one from the store if no version exists, in a process of its own: it loads TensorFlow.

    Raises:
        PreparationFailed: it could not be trained.
    """
    if VersionFolder(settings.models_dir).versions():
        return
    say("Training the first model, once (a minute on two cores) …")
    if _has_replies(settings):
        _prepare_by("retrain", "--trigger", "first model")
        return
    # Pages are found and read by what every model has; but one learns to tell replies apart, and
    # the book has none yet. So it learns the demo shop's, of which none is in the book to be said.
    files = [("--replies", REPLY_FILE), *(("--questions", file) for file in QUESTION_FILES)]
    _prepare_by("train", *(part for name, file in files for part in (name, str(file))))
    _prepare_by("promote", "1")


def _has_replies(settings: Settings) -> bool:
    """Whether the store has what a model learns from: two replies with a question each."""
    database = open_database(settings)
    try:
        book = ReplyBook(database)
        asked = {one.reply_id for one in book.questions() if one.reply_id}
        return len(asked) > 1 or next(book.past_dialogues(), None) is not None
    finally:
        database.close()


def _prepare_by(*arguments: str) -> None:
    """Run a command in a process of its own: what it loads is given back when it ends.

    Raises:
        PreparationFailed: it failed, and has said why.
    """
    command, environment = own_command(*arguments), dict(child_environment())
    if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
        raise PreparationFailed


def bot(*, host: str, port: int) -> None:
    """The web chat, desk and Slack alone; the model server and the schedule run elsewhere."""
    _end_by_sigterm()
    settings = _settings_at_start()
    refuse_port_in_use(host, port)
    if settings.serving_address is None:
        raise NoModelServer
    _serve(settings, settings.serving_address, host, port)


def schedule(*, with_parent: bool = False) -> None:
    """Propose and run jobs at their hours, until SIGTERM, Ctrl-C or the end of the parent."""
    settings = read_settings() if with_parent else _settings_at_start()
    set_up_logs(settings.log_level)
    stopping = threading.Event()
    if with_parent:
        stop_with_parent(stopping.set)
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stopping.set())
    database = open_database(settings)
    scheduler = build_scheduler(settings, database)
    scheduler.start()
    try:
        stopping.wait()
    finally:
        scheduler.stop()
        database.close()


def fill_store(settings: Settings) -> None:
    """Migrate the store; put the demo shop into an empty one; count sales by today's setting."""
    database = open_database(settings)
    try:
        build_orders(settings, database).recount()
        put_demo_shop(database, now=utc_now(), currency=settings.currency)
    finally:
        database.close()


def _damages(settings: Settings) -> list[str]:
    """What was wrong with the models of this machine, mended and told."""
    if settings.serving_address or find_running(settings.models_dir):
        return []
    damages = recover(Rollout(version_folder(settings)))
    for sentence in damages:
        say(f"Damaged: {sentence}")
    return damages


def refuse_port_in_use(host: str, port: int) -> None:
    """Fail early and clearly.

    Raises:
        PortInUse: something listens there already.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(host, port) from error


def _settings_at_start() -> Settings:
    """The settings; what looks like one and is none is named, for anyone who starts this."""
    for sentence in misspelt_settings():
        say(f"Warning: {sentence}")
    return read_settings()


def _serve(settings: Settings, address: str, host: str, port: int) -> None:
    import uvicorn

    set_up_logs(settings.log_level)
    from bot.http import BoundedConfig, raise_file_limit, room_in

    if settings.one_core:
        keep_to_one_core()
    # Twice as many connections as streams, which are as many as messages a minute.
    room = room_in(raise_file_limit(), per_address=2 * settings.messages_a_minute)
    app = build_bot(settings, serving_address=address, room=room)
    config = BoundedConfig(app, room=room, host=host, port=port, log_level="warning")
    # After an orderly end uvicorn raises the signal again, for anyone who runs it: that is us.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()


def _announce(settings: Settings, host: str, port: int, began: float) -> None:
    say(
        f"\n  {settings.shop_name or 'The clerk'} is open: {settings.public_url}\n"
        f"  The desk: {settings.public_url}/desk   {_password_hint(settings)}\n"
        f"  Ready after {time.monotonic() - began:.0f} s. Ctrl-C ends everything.\n"
    )


def _password_hint(settings: Settings) -> str:
    """The first password, for a person at a terminal only: other output is kept as a log."""
    if settings.desk_password is not None:
        return "password: as set in SHOPCLERK_DESK_PASSWORD"
    if settings.oidc_issuer is not None:
        return f"log in with {settings.oidc_name}"
    password = settings.secret("desk_password")
    if sys.stderr.isatty():
        return f"password: {password}"
    return f"password: in {settings.data_dir / 'desk_password.txt'}"


def _public_url(settings: Settings, port: int) -> str:
    """The address people open: as set, else this machine's with the port asked for."""
    if "public_url" in settings.model_fields_set:
        return settings.public_url
    return f"http://127.0.0.1:{port}"


def _end_by_sigterm() -> None:
    """Let SIGTERM end this process as Ctrl-C does: in order, with its children."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@contextlib.contextmanager
def _child_process(*arguments: str) -> Iterator[None]:
    command, environment = own_command(*arguments), dict(child_environment())
    child = subprocess.Popen(
        command, env=environment, start_new_session=True, stdin=subprocess.PIPE
    )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
        assert child.stdin is not None
        child.stdin.close()
