"""skyrig in a container, for tests.

    with SkyrigContainer() as skyrig:
        sqs = boto3.client("sqs", **skyrig.client_options())
"""

import json
import os
import urllib.request

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

PORT = 4566
IMAGE = os.environ.get("SKYRIG_IMAGE", "skyrig:0.1.0")


class SkyrigContainer(DockerContainer):
    """It has started when it says `Ready.`: then clients are served."""

    def __init__(self, image=IMAGE, flags=(), **more):
        super().__init__(image, **more)
        self.with_exposed_ports(PORT)
        self.with_command(["serve", "--listen", f"0.0.0.0:{PORT}", *flags])
        self.waiting_for(LogMessageWaitStrategy("Ready."))

    def endpoint(self):
        """What AWS's clients take as `endpoint_url`."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    def client_options(self):
        """The arguments of `boto3.client` for a client that talks to it."""
        return {
            "endpoint_url": self.endpoint(),
            "region_name": "us-east-1",
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }

    def reset(self):
        """Begins anew."""
        self._post("/_skyrig/reset", {})

    def advance(self, seconds):
        """Moves virtual time by so many seconds, and does what is due."""
        self._post("/_skyrig/clock", {"advance_seconds": seconds})

    def _post(self, path, body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint() + path, data=data, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


__all__ = ["IMAGE", "PORT", "SkyrigContainer"]
