"""Write the dashboards anew: `python deploy/grafana/make.py --evistore https://evidence.example.org`.

The same input always gives the same bytes. Nothing but Python is needed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from boards import activity, artifact, clusters, executions, incidents, overview, recommendations, services, tickets

_BOARDS = (overview, activity, executions, artifact, services, incidents, tickets, clusters, recommendations)
_HERE = Path(__file__).parent


def write(folder: Path, address: str) -> list[Path]:
    """Write every dashboard into *folder*; their files."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for board in _BOARDS:
        made = board.dashboard()
        path = folder / f"{made.name}.json"
        path.write_text(json.dumps(made.model(address), indent=2, ensure_ascii=False) + "\n", "utf-8")
        written.append(path)
    return written


def main() -> None:
    """Write what the command line asks for, and tell the files."""
    parser = argparse.ArgumentParser(description="Write the Grafana dashboards of Evistore.")
    parser.add_argument("--output", type=Path, default=_HERE / "dashboards", help="folder (default: %(default)s)")
    parser.add_argument("--evistore", default="http://localhost:8080", help="where links lead (default: %(default)s)")
    asked = parser.parse_args()
    for path in write(asked.output, asked.evistore.rstrip("/")):
        print(path)


if __name__ == "__main__":
    main()
