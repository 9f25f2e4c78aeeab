import json
import os
import urllib.request

import pytest

from skyrig_testcontainers import SkyrigContainer

needs_image = pytest.mark.skipif(
    "SKYRIG_IMAGE" not in os.environ, reason="SKYRIG_IMAGE names no image"
)


@needs_image
def test_a_container_serves_when_it_has_started():
    with SkyrigContainer(flags=["--clock", "manual"]) as skyrig:

        def seconds():
            with urllib.request.urlopen(skyrig.endpoint() + "/_skyrig/clock") as answer:
                return json.load(answer)

        assert seconds()["mode"] == "manual"
        skyrig.advance(60)
        skyrig.reset()
        assert skyrig.client_options()["endpoint_url"] == skyrig.endpoint()


def test_flags_follow_those_that_make_it_reachable(monkeypatch):
    # The client of an engine is made at once; none is asked.
    monkeypatch.setattr("testcontainers.core.container.DockerClient", lambda **_: None)
    container = SkyrigContainer("skyrig:1", flags=["--clock", "manual"])
    assert container._command == ["serve", "--listen", "0.0.0.0:4566", "--clock", "manual"]
    assert [int(port) for port in container.ports] == [4566]
