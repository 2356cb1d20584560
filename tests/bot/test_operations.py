"""What operators run and watch the bot with fits the bot."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_monitoring import Watcher, watcher
from world import World

from bot.app.run import DRAIN_SECONDS
from bot.settings import Settings

__all__ = ["watcher"]

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "bot" / "operations"
DASHBOARD: dict[str, Any] = json.loads((OPERATIONS / "grafana-dashboard.json").read_text("utf-8"))
PAGE = (OPERATIONS / "README.md").read_text("utf-8")
SHUT_OFF = "--read-only --cap-drop all --security-opt no-new-privileges --memory 2g"
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its processes")


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"]


@pytest.fixture
async def samples(world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The names of all samples of a bot that runs, each with the names of its labels."""
    # The simulated gateway acknowledges no heartbeat.
    monkeypatch.setattr(world.bot, "get_shard", lambda _: SimpleNamespace(latency=0.1))
    await world.ask("Combien de barils de pétrole en juillet ?")
    return {
        sample.name: set(sample.labels)
        for family in (await watcher.families()).values()
        for sample in family.samples
    }


@ON_LINUX
async def test_what_the_dashboard_asks_for_is_served(samples: dict[str, set[str]]) -> None:
    asked = list(expressions())
    assert len(asked) > 20
    for expression in asked:
        named = re.findall(r"\b(?:sourcier|process|python)_\w+", expression)
        assert named, expression
        added = {"job", "instance"}  # by Prometheus itself
        known = set.union(added, *(samples[name] for name in named))
        chosen = [part for braces in re.findall(r"\{(.*?)\}", expression) for part in
                  re.findall(r"(\w+)=", braces)]  # fmt: skip
        grouped = [one.strip() for by in re.findall(r"by \((.*?)\)", expression)
                   for one in by.split(",")]  # fmt: skip
        assert set(chosen + grouped) <= known, expression


@ON_LINUX
async def test_the_page_tells_of_what_is_served_and_of_nothing_else(
    samples: dict[str, set[str]],
) -> None:
    served = {re.sub(r"_(?:bucket|sum|count)$", "", one) for one in samples}
    told = set(re.findall(r"^\| `(sourcier_\w+)`", PAGE, re.MULTILINE))
    assert told == {one for one in served if one.startswith("sourcier_")}


def test_the_dashboard_is_whole() -> None:
    assert DASHBOARD["schemaVersion"] >= 39
    assert DASHBOARD["uid"] == "sourcier"
    assert "id" not in DASHBOARD, "that is of one Grafana alone"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    variables = {one["name"] for one in DASHBOARD["templating"]["list"]}
    assert variables == {"datasource", "job", "instance"}
    for panel in panels():
        assert panel["type"] in {"stat", "timeseries"}
        assert panel["title"]
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references)) > 0
        for one in (panel, *panel["targets"]):
            assert one["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD["panels"])))
    assert used == {*variables, "__rate_interval"}


def test_no_panel_lies_on_another() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


UNITS = pytest.mark.parametrize("name", ["sourcier.service", "sourcier@.service"])


def unit(name: str) -> configparser.RawConfigParser:
    """Return a unit; of a key that is given several times, the last value."""
    read = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[method-assign, assignment]
    read.read(OPERATIONS / name, encoding="utf-8")
    return read


@UNITS
def test_a_unit_gives_the_bot_time_to_end_and_nothing_else_is_told(name: str) -> None:
    service = unit(name)["Service"]
    assert int(service["TimeoutStopSec"]) > DRAIN_SECONDS
    assert service["KillMode"] == "mixed"
    text = (OPERATIONS / name).read_text("utf-8")
    assert set(re.findall(r"\b(?:SOURCIER|DISCORD)_[A-Z_]+(?==)", text)) <= SETTINGS


def test_each_of_several_processes_has_files_of_its_own_and_is_shut_off_as_one_is() -> None:
    def lines(name: str) -> list[str]:
        text = (OPERATIONS / name).read_text("utf-8")
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    one, several = lines("sourcier.service"), lines("sourcier@.service")
    added = [line for line in several if line not in one]
    assert all("%i" in line for line in added)
    assert [line.partition("=")[0] for line in added] == [
        "Description",
        "StateDirectory",
        "WorkingDirectory",
        "EnvironmentFile",
        "Environment",
    ]
    gone = [line.partition("=")[0] for line in one if line not in several]
    assert gone == ["Description", "StateDirectory", "WorkingDirectory", "Environment"]
    assert "SOURCIER_STATE" not in "".join(several), "all have the same one"


@UNITS
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_a_unit_is_one_to_systemd_and_shut_off(name: str, tmp_path: Path) -> None:
    written = (OPERATIONS / name).read_text("utf-8")
    here = tmp_path / name
    here.write_text(
        re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", written, flags=re.MULTILINE)
    )

    def analyse(*arguments: str) -> None:
        command = ["systemd-analyze", *arguments, str(here)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout[-300:]

    analyse("verify")
    analyse("security", "--offline=true", "--threshold=20")  # of 100, which is all open


def test_the_page_has_a_container_shut_off_and_gives_it_time_to_end() -> None:
    assert SHUT_OFF in PAGE, "with these options it is tried"
    (seconds,) = re.findall(r"--stop-timeout (\d+)", PAGE)
    assert int(seconds) > DRAIN_SECONDS


def test_the_image_is_made_of_what_is_there_and_not_run_by_root() -> None:
    lines = (OPERATIONS / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    for name, rest in steps:
        if name == "COPY" and not rest.startswith("--from"):
            *sources, _ = rest.split()
            assert all((ROOT / source).exists() for source in sources), rest
    last = dict(steps)
    assert last["USER"].split(":")[0] not in {"0", "root"}
    assert [name for name, _ in steps].count("VOLUME") == 1
    named = re.findall(r"\b((?:SOURCIER|DISCORD)_[A-Z_]+)=", last["ENV"])
    assert named
    assert set(named) <= SETTINGS
