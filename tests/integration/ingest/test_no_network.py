"""A process gives up the network whoever it belongs to, and says so where the kernel does not let it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.program import ROOT

BEGIN = """
import os, platform, socket
from dataclasses import replace
from ingest import no_network
from ingest.errors import IsolationUnavailable
"""
NOBODY = """
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
no_network.give_up_network()
no_network.give_up_network()
for attempt in (socket.socket, os.fork, lambda: os.execv("/bin/true", ["true"])):
    try:
        attempt()
        print("done")
    except PermissionError:
        print("refused")
"""
UNWILLING = """
machine = no_network._MACHINES[platform.machine()]
prctl = {"x86_64": 157, "aarch64": 167}[platform.machine()]
no_network._install(no_network._filter(replace(machine, calls={"prctl": prctl})))
"""
REFUSED = """
try:
    {call}
except IsolationUnavailable as error:
    print(error)
"""


def output(*scripts: str) -> list[str]:
    program = [sys.executable, "-c", BEGIN + "".join(scripts)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_a_user_without_any_rights_can_give_it_up_and_never_gets_it_back() -> None:
    assert output(NOBODY) == ["refused"] * 3


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            UNWILLING + REFUSED.format(call="no_network.give_up_network()"),
            "the kernel refuses: Operation not permitted",
        ),
        (REFUSED.format(call="no_network._prove()"), "the kernel takes the filter, and opens sockets all the same"),
    ],
    ids=["refuses", "pretends"],
)
def test_a_kernel_that_does_not_let_it_is_found_out(script: str, said: str) -> None:
    assert output(script) == [said]
