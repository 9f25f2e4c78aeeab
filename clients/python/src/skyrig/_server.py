"""A skyrig of one's own."""

import os
import subprocess


class Server:
    """Starts skyrig on a free port, and ends it when it is closed.

    program: else SKYRIG says it, or `skyrig` in PATH is meant.
    """

    def __init__(self, *flags, program=None):
        program = program or os.environ.get("SKYRIG") or "skyrig"
        command = [program, "serve", "--listen", "127.0.0.1:0", "--worlds", *flags]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.endpoint = None
        for line in self._process.stdout:
            if "listening on " in line:
                self.endpoint = line.split("listening on ")[1].strip()
            if line.strip() == "Ready.":
                return
        raise RuntimeError(f"{program} ended with status {self._process.wait()}")

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        self._process.terminate()
        self._process.wait(timeout=30)
        self._process.stdout.close()
