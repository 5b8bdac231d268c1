"""Put this checkout's packages and console scripts into the virtual environment that runs this file.

An editable install would need a build backend, fetched and run, for two files: a ``.pth`` and a script.
"""

from __future__ import annotations

import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """\
#!{python}
import sys

from {module} import {function}

if __name__ == "__main__":
    sys.exit({function}())
"""


def main() -> None:
    """Write the files; a second run writes the same ones."""
    path = Path(sysconfig.get_path("purelib"), "intake-checkout.pth")
    path.write_text(f"{ROOT}\n{ROOT / 'layers' / 'core'}\n", encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, target in project["scripts"].items():
        module, function = target.split(":")
        script = Path(sysconfig.get_path("scripts"), name)
        script.write_text(SCRIPT.format(python=sys.executable, module=module, function=function), encoding="utf-8")
        script.chmod(0o755)


if __name__ == "__main__":
    main()
