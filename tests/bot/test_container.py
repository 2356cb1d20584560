"""The image of the Containerfile: built, started, watched, and ended as the page says.

``CONTAINER_BASE`` names the image that it is built on, or ``debootstrap``, which makes one of the
Debian of this machine without any registry. Building takes minutes and fetches what the image is
made of, so that nothing is done without it.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fake_discord import fake_discord
from test_monitoring import Watcher, free_address
from test_operations import OPERATIONS, ROOT, SHUT_OFF
from test_running import TOKEN, connected

BASE = os.environ.get("CONTAINER_BASE", "")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
BOUNDS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
"""Of what is Podman's own there is more than whoever runs the tests may give."""

pytestmark = [
    pytest.mark.skipif(not BASE, reason="takes minutes: CONTAINER_BASE=debootstrap has it built"),
    pytest.mark.skipif(shutil.which("podman") is None, reason="Podman is not installed"),
]


@dataclass(frozen=True)
class Podman:
    """Podman with a storage of its own, and a runtime that works here."""

    options: tuple[str, ...]

    def command(self, *arguments: str | Path) -> list[str]:
        return ["podman", *self.options, *map(str, arguments)]

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = self.command(*arguments)
        return subprocess.run(command, capture_output=True, text=True, timeout=1_800, check=False)

    def does(self, *arguments: str | Path) -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def debian(folder: Path) -> Path:
    """Return a root file system with Python, as an archive."""
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        pytest.skip("debootstrap has to be installed and run by root: name an image")
    release = platform.freedesktop_os_release()
    if release["ID"] != "debian":
        pytest.skip("this machine is no Debian to make an image of: name one")
    root, archive = folder / "root", folder / "root.tar"
    packages = "--include=python3,python3-venv,ca-certificates"
    codename = release["VERSION_CODENAME"]
    for command in (
        ["debootstrap", "--variant=minbase", packages, codename, str(root)],
        ["tar", "--create", "--file", str(archive), "--directory", str(root), "."],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2_000:] + done.stderr
    shutil.rmtree(root)
    return archive


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Podman, str]]:
    """Podman, and the name of the image that the bot's is built on."""
    folder = tmp_path_factory.mktemp("podman")
    storage = ("--root", str(folder / "storage"), "--runroot", str(folder / "run"))
    found = [one for one in ("crun", "runc") if shutil.which(one)]
    runtimes = [Podman((*storage, "--runtime", one)) for one in found]
    podman = Podman(storage)
    try:
        if BASE == "debootstrap":
            name = "localhost/debian"
            podman.does("import", debian(folder), name)
        else:
            name = BASE
            podman.does("pull", name)
        trial = ("run", "--rm", *BOUNDS, "--network", "none", *SHUT_OFF.split(), name, "true")
        tried = {one: one(*trial) for one in (podman, *runtimes)}
        works = next((one for one, done in tried.items() if done.returncode == 0), None)
        if works is None:
            pytest.skip("; ".join(done.stderr.strip() for done in tried.values()))
        yield works, name
    finally:
        for what in (("rm", "--all", "--force"), ("volume", "prune", "--force")):
            podman(*what)
        podman("rmi", "--all", "--force")


@pytest.fixture(scope="module")
def podman(base: tuple[Podman, str], tmp_path_factory: pytest.TempPathFactory) -> Podman:
    """Podman that has the image ``sourcier``."""
    podman, name = base
    trusted: list[str] = []
    if CERTIFICATES.exists():  # whom this machine trusts with packages, the build does
        settings = tmp_path_factory.mktemp("pip") / "pip.conf"
        settings.write_text(f"[global]\ncert = {CERTIFICATES}\n")
        for source, place in ((CERTIFICATES, CERTIFICATES), (settings, "/etc/pip.conf")):
            trusted += ["--volume", f"{source}:{place}:ro"]
    containerfile = OPERATIONS / "Containerfile"
    options = ("--network", "host", *BOUNDS, *trusted, "--build-arg", f"BASE={name}")
    podman.does("build", *options, "--file", containerfile, "--tag", "sourcier", ROOT)
    return podman


@pytest.fixture
def volume(podman: Podman) -> Iterator[str]:
    yield podman.does("volume", "create").strip()
    podman("volume", "prune", "--force")


def within(volume: str, *options: str) -> list[str]:
    """Return the start of a command that runs the image as the page says, beside its options."""
    shut_off = [*SHUT_OFF.split(), *BOUNDS]
    return ["run", "--rm", *shut_off, "--volume", f"{volume}:/var/lib/sourcier", *options]


def test_it_is_nobody_and_writes_into_its_volume_alone(podman: Podman, volume: str) -> None:
    shell = within(volume, "--network", "none", "--entrypoint", "sh")
    assert podman.does(*shell, "sourcier", "-c", "id -u").strip() == "10001"
    for place in ("/", "/opt/sourcier", "/etc", "/root", "/src"):
        assert podman(*shell, "sourcier", "-c", f"touch {place}/here").returncode != 0, place
    podman.does(*shell, "sourcier", "-c", "touch here && test -e /var/lib/sourcier/here")
    assert podman.does(*shell, "sourcier", "-c", "ls /var/lib/sourcier").strip() == "here"
    mode = podman.does(*shell, "sourcier", "-c", "stat --format=%U:%a /var/lib/sourcier").strip()
    assert mode.endswith(":700")


def test_it_has_all_extras_of_a_bot_and_its_models(podman: Podman, volume: str) -> None:
    told = " ".join(podman.does(*within(volume, "--network", "none"), "sourcier", "check").split())
    assert "/var/lib/sourcier/state.db" in told
    for extra in ("convert", "picture", "postgres"):
        assert f"Extra “{extra}” installed" in told
    assert "Model of meaning active" in told
    assert "Reader of passages active" in told


@asynccontextmanager
async def running(podman: Podman, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a container in the foreground, named ``bot``, and kill it at the end."""
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(
        *podman.command(*arguments), stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        yield started
    finally:
        await asyncio.to_thread(podman, "rm", "--force", "bot")
        await started.communicate()


async def test_it_is_watched_keeps_its_volume_and_ends_at_sigterm(
    podman: Podman, volume: str, tmp_path: Path
) -> None:
    for life in range(2):
        address = free_address()
        async with fake_discord(TOKEN) as server:
            variables = {
                "DISCORD_TOKEN": TOKEN,
                "DISCORD_API_URL": server.url,
                "SOURCIER_METRICS": str(address),
            }
            given = [f"--env={name}={value}" for name, value in variables.items()]
            bot = within(volume, "--network", "host", "--name", "bot", *given, "sourcier")
            async with running(podman, *bot) as started:
                log = await connected(server, started)
                made = "PUT /api/v10/applications/1/commands" in server.requests
                assert made is (life == 0), "what was remembered is there after a new start"
                watcher = Watcher(f"http://{address}")
                assert (await watcher.get("/readyz")).status == 200
                backup = ("sourcier", "backup", "--overwrite", "/var/lib/sourcier/backup.db")
                await asyncio.to_thread(podman.does, "exec", "bot", *backup)
                copied = ("cp", "bot:/var/lib/sourcier/backup.db", tmp_path / "backup.db")
                await asyncio.to_thread(podman.does, *copied)
                assert (tmp_path / "backup.db").read_bytes().startswith(b"SQLite format 3")
                await asyncio.to_thread(podman.does, "stop", "--time", "30", "bot")
                _, rest = await started.communicate()
                assert started.returncode == 0
                assert "Told to end" in rest.decode()
                assert "Traceback" not in log + rest.decode()
