"""Give JupyterLab, for everybody, the settings that `wb lab` gives it: run as root by `up`."""

import json
import sys
from pathlib import Path

from workbook.cli.jupyter import SETTINGS

place = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
place.parent.mkdir(parents=True, exist_ok=True)
given = {f"@jupyterlab/{plugin}": values for plugin, values in SETTINGS.items()}
place.write_text(json.dumps(given, indent=1), "utf-8")
