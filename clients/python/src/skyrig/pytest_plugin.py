"""The fixtures of pytest."""

import os

import pytest

from . import Server, World


@pytest.fixture(scope="session")
def skyrig_endpoint():
    """Where skyrig is: at SKYRIG_ENDPOINT, or one that is started for this run."""
    given = os.environ.get("SKYRIG_ENDPOINT")
    if given:
        yield given
        return
    with Server("--clock", "manual") as server:
        yield server.endpoint


@pytest.fixture
def skyrig_world(skyrig_endpoint):
    """A world of this test's own."""
    with World(skyrig_endpoint) as world:
        yield world
