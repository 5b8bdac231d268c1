"""The one deployment package of all local functions: a bootstrap that runs their sources in place."""

from __future__ import annotations

import io
import stat
import zipfile

SOURCE = "INTAKE_LOCAL_SOURCE"
PYTHON = "INTAKE_LOCAL_PYTHON"
NAME = "INTAKE_LOCAL_NAME"
"""The function's name in the template: logs and reports are read by people."""

_BOOTSTRAP = f"""#!/bin/sh
# The runtime client that AWS ships for Python: exceptions keep their class names, which machines retry and catch by.
cd "${SOURCE}" && exec "${PYTHON}" -m awslambdaric "$_HANDLER"
"""


def bootstrap_package() -> bytes:
    """Return a zip for the ``provided.al2023`` runtime, the same bytes each time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = (stat.S_IFREG | 0o755) << 16
        package.writestr(entry, _BOOTSTRAP)
    return archive.getvalue()
