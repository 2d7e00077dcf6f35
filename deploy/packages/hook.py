"""What hatchling puts into a wheel and a source distribution beside the sources: the commit they were made from, and the bill of materials.

The commit is that of `EVISTORE_BUILD_COMMIT`, else the one that a source distribution carries, else git's. The same sources give the same bytes.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMMIT = "src/evistore/build.json"
"""Where a source distribution carries its commit; in the working tree there is no such file."""


class Hook(BuildHookInterface[Any]):
    """Adds `evistore/build.json` and, to wheels, `sboms/evistore.cdx.json` in the folder of the metadata (PEP 770)."""

    folder: Path

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and say where they go. An editable installation gets none: its sources change."""
        self.folder = Path(tempfile.mkdtemp(prefix="evistore-build-"))
        if version == "editable":
            return
        root = Path(self.root)
        if not (root / COMMIT).exists():
            place = COMMIT if self.target_name == "sdist" else COMMIT.removeprefix("src/")
            build_data["force_include"][str(self._written("build.json", {"commit": commit(root)}))] = place
        if self.target_name == "wheel":
            document = _bill().bill(root, self.metadata.version, commit(root))
            build_data["sbom_files"].append(str(self._written("evistore.cdx.json", document)))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002  # hatchling's signature
        """Remove the files."""
        shutil.rmtree(self.folder)

    def _written(self, name: str, document: dict[str, Any]) -> Path:
        path = self.folder / name
        path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", "utf-8")
        path.chmod(0o644)
        return path


def commit(root: Path) -> str:
    """The commit of the sources in *root*, with `-changed` behind it where they are not as committed; empty when nobody knows."""
    if named := os.environ.get("EVISTORE_BUILD_COMMIT"):
        return named
    if (root / COMMIT).exists():
        return json.loads((root / COMMIT).read_text("utf-8"))["commit"]
    if not (root / ".git").exists():
        return ""
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", "src", "pyproject.toml")
    return _git(root, "rev-parse", "HEAD") + ("-changed" if changed else "")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip() if done.returncode == 0 else ""


def _bill() -> Any:
    """The module beside this one, which hatchling does not put on the path."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return importlib.import_module("bill")
    finally:
        sys.path.pop(0)
