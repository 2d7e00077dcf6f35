"""`python -m soak`: a soak, its figures, and status 1 when the ledger does not hold."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from fixtures.source import REPOSITORY
from soak.conduct import Soak, run
from soak.figures import figures, tables, write
from soak.ledger import ledger
from soak.world import World


def main() -> int:
    """Do what the command line says."""
    words = argparse.ArgumentParser(prog="python -m soak", description="Mixed load and faults, then a ledger.")
    words.add_argument("--minutes", type=float, default=10.0, help="how long faults come (default: 10)")
    words.add_argument("--seed", type=int, default=7, help="of what is sent and of what goes wrong when (default: 7)")
    words.add_argument(
        "--rate", type=float, default=80.0, help="events a second through all doors together (default: 80)"
    )
    words.add_argument("--lasting", type=float, default=5.0, help="seconds that a fault lasts, about (default: 5)")
    words.add_argument("--output", type=Path, default=REPOSITORY / "build" / "soak.json", help="where the figures go")
    words.add_argument("--logs", type=Path, help="keep what the processes wrote in this folder")
    given = words.parse_args()
    signal.signal(signal.SIGTERM, _interrupted)
    soak, told = Soak(given.seed, given.minutes, given.rate, given.lasting), dict[str, Any]()

    def look(one: Soak, world: World) -> None:
        told.update(figures(one, world, ledger(one, world)))

    with tempfile.TemporaryDirectory(prefix="evistore-soak-", ignore_cleanup_errors=True) as name:
        try:
            run(soak, Path(name), look, lambda line: print(line, file=sys.stderr, flush=True))
        finally:
            if given.logs:
                _keep(Path(name), given.logs)
    write(told, given.output)
    print(tables(told))
    return 1 if any(told["ledger"].values()) else 0


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _keep(folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for path in [*folder.glob("*.log"), *folder.glob("broker/log"), *folder.glob("database/*.log")]:
        shutil.copy(path, into / path.name)


if __name__ == "__main__":
    sys.exit(main())
