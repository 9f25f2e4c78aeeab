"""One world, by its pages."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid

DEFAULT_ENDPOINT = "http://127.0.0.1:4566"
_TIMEOUT_SECONDS = 60


class SkyrigError(Exception):
    """What skyrig says of something that it does not do."""


class World:
    """A world, made when this is made and given up when it is closed.

    endpoint: where skyrig is; else SKYRIG_ENDPOINT says it, or 127.0.0.1:4566 is meant.
    name: 1 to 63 of a-z, 0-9 and -; drawn without it.
    seed: decides all ids; else the name does.
    clock: "real" or "manual"; else as the server's.
    from_world: the world that this one goes on as.
    """

    def __init__(self, endpoint=None, name=None, *, seed=None, clock=None, from_world=None):
        endpoint = endpoint or os.environ.get("SKYRIG_ENDPOINT") or DEFAULT_ENDPOINT
        self._server = endpoint.rstrip("/")
        self.name = name or "t-" + uuid.uuid4().hex
        settings = {"seed": seed, "clock": clock}
        settings = {member: value for member, value in settings.items() if value is not None}
        query = "?" + urllib.parse.urlencode({"from": from_world}) if from_world else ""
        self._ask("POST", f"{self._server}/_skyrig/worlds/{self.name}{query}", settings)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Gives the world up; nothing of it stays. It may be gone already."""
        try:
            self._ask("DELETE", f"{self._server}/_skyrig/worlds/{self.name}")
        except SkyrigError:
            pass

    @property
    def endpoint_url(self):
        """What AWS's SDKs take for their endpoint."""
        return f"{self._server}/w/{self.name}"

    def environment(self, account="000000000000", region="us-east-1"):
        """The variables with which any program of AWS's SDKs uses this world."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": f"{self.name}-{account}",
            "AWS_SECRET_ACCESS_KEY": "skyrig",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
        }

    def client(self, service, account="000000000000", region="us-east-1", **others):
        """A client of boto3."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=region,
            aws_access_key_id=f"{self.name}-{account}",
            aws_secret_access_key="skyrig",
            **others,
        )

    def advance(self, seconds):
        """Moves virtual time on; what falls due on the way happens in order."""
        return self.page("POST", "clock", {"advance_seconds": seconds})

    def now(self):
        """The virtual time, as text in ISO 8601."""
        return self.page("GET", "clock")["now"]

    def faults(self, rules):
        """Replaces the fault rules."""
        return self.page("PUT", "faults", rules)["faults"]

    def outbox(self):
        """The mail and text messages that would have left the cloud."""
        return self.page("GET", "outbox")["letters"]

    def trace(self, message_id):
        """What became of a message, event or request."""
        return self.page("GET", f"trace/{urllib.parse.quote(message_id, safe='')}")

    def status(self):
        """What there is, by account and region."""
        return self.page("GET", "status")

    def reset(self):
        """Begins anew with nothing."""
        self.page("POST", "reset")

    def save(self):
        """The whole world as bytes."""
        return self._send("GET", f"{self.endpoint_url}/_skyrig/snapshot")

    def load(self, snapshot):
        """Puts what save() gave in the place of this world."""
        self._send("PUT", f"{self.endpoint_url}/_skyrig/snapshot", snapshot)

    def fork(self, name=None):
        """Another world that goes on as this one does now."""
        return World(self._server, name, from_world=self.name)

    def page(self, method, path, document=None):
        """Any page below /_skyrig/ of this world."""
        return self._ask(method, f"{self.endpoint_url}/_skyrig/{path}", document)

    def _ask(self, method, url, document=None):
        body = None if document is None else json.dumps(document).encode()
        return json.loads(self._send(method, url, body))

    def _send(self, method, url, body=None):
        request = urllib.request.Request(url, body, method=method)
        # It is on this machine or near: no proxy stands in between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            told = error.read().decode(errors="replace")
            try:
                told = json.loads(told).get("error", told)
            except ValueError:
                pass
            raise SkyrigError(f"{method} {url}: {error.code}: {told}") from None
        except OSError as error:
            raise SkyrigError(f"nobody answers at {url}: {error}") from None
