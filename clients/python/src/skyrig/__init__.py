"""Worlds of a skyrig that runs: an emulator of AWS's messaging services.

A world is a cloud with its own clock, faults and ids. Others see nothing of it.
"""

from ._server import Server
from ._world import SkyrigError, World

__all__ = ["Server", "SkyrigError", "World"]
