"""Makes a wheel that carries the program: wheel.py PROGRAM TRIPLE FOLDER

A wheel is a zip file with the program among its scripts and three files that say what it is. Source:
PyPA's specification "Binary distribution format".
"""

import base64
import hashlib
import pathlib
import re
import sys
import zipfile

PLATFORMS = {
    # A static program runs with any libc.
    "x86_64-unknown-linux-musl": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "aarch64-unknown-linux-musl": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
}
ROOT = pathlib.Path(__file__).resolve().parents[2]


def version():
    manifest = (ROOT / "Cargo.toml").read_text()
    return re.search(r'^version = "([^"]+)"', manifest, re.MULTILINE).group(1)


def main(program, triple, folder):
    platform = PLATFORMS.get(triple)
    if platform is None:
        sys.exit(f"{triple} is none of {', '.join(PLATFORMS)}")
    number = version()
    info = f"skyrig-{number}.dist-info"
    tags = "".join(f"Tag: py3-none-{tag}\n" for tag in platform.split("."))
    text = (pathlib.Path(__file__).parent / "README.md").read_text()
    files = {
        f"skyrig-{number}.data/scripts/skyrig": pathlib.Path(program).read_bytes(),
        f"{info}/METADATA": (
            f"Metadata-Version: 2.4\nName: skyrig\nVersion: {number}\n"
            "Summary: An emulator of AWS's messaging services\n"
            "License-Expression: Apache-2.0 OR MIT\nRequires-Python: >=3.8\n"
            f"Description-Content-Type: text/markdown\n\n{text}"
        ).encode(),
        f"{info}/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: skyrig\nRoot-Is-Purelib: false\n{tags}"
        ).encode(),
    }
    record = ""
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    path = pathlib.Path(folder) / f"skyrig-{number}-py3-none-{platform}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            # A time of its own would make another file of the same program.
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    print(path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
