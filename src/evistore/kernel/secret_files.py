"""Secrets that come as files: ``EVISTORE_<NAME>_FILE`` names one for every setting that is a secret.

What is told of a secret, in errors too, is its setting and its file, never what stands in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource, SettingsError

from evistore.kernel.errors import Misconfigured


class SecretFile(SecretStr):
    """The content of a file, read anew whenever it is asked for; while it cannot be read, what stood there before."""

    def __init__(self, path: Path, setting: str) -> None:
        """Read *path* for *setting*.

        Raises:
            Misconfigured: ``secret-file``, see :func:`content`.
        """
        super().__init__(content(path, setting))
        self._path, self._setting = path, setting

    def get_secret_value(self) -> str:
        """What stands in the file now, without the newline at its end."""
        try:
            self._secret_value = content(self._path, self._setting)
        except Misconfigured:
            return self._secret_value  # it is being replaced
        return self._secret_value


def content(path: Path, setting: str) -> str:
    """What stands in *path*, without the newline at its end.

    Raises:
        Misconfigured: ``secret-file``; it is not there, cannot be read, is empty, or no UTF-8.
    """
    try:
        found = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise _unfit(path, setting, "it is no UTF-8") from None
    except (OSError, ValueError) as error:
        raise _unfit(path, setting, getattr(error, "strerror", None) or "it cannot be opened") from None
    text = found.removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise _unfit(path, setting, "it is empty")
    return text


def _unfit(path: Path, setting: str, why: str) -> Misconfigured:
    return Misconfigured(f"{setting} names {path}, and {why}", code="secret-file")


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is a secret, or made of secrets."""
    return SecretStr in _parts(field.annotation)


def _parts(kind: Any) -> set[Any]:
    return {kind}.union(*(_parts(one) for one in get_args(kind)))


class SecretFiles(EnvSettingsSource):
    """The files that variables of the environment, or of the file *below* it, name for secrets."""

    def __init__(self, above: EnvSettingsSource, below: EnvSettingsSource) -> None:
        """Look for names where *above* and *below* do; of two, that of *above* counts."""
        super().__init__(above.settings_cls)
        self.env_vars = {**below.env_vars, **above.env_vars}

    def __call__(self) -> dict[str, Any]:
        """The secrets of all files that are named.

        Raises:
            Misconfigured: ``secret-file``; ``setting-twice``, a secret is given by its variable as well.
        """
        try:
            return super().__call__()
        except SettingsError as error:
            if isinstance(error.__cause__, Misconfigured):
                raise error.__cause__ from None
            raise

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The secret *field_name*, unless no file is named for it or the command line gave it."""
        variable = f"{self.env_prefix}{field_name}".upper()
        path = self.env_vars.get(f"{variable}_FILE".lower())
        if not path or not is_secret(field) or field_name in self.current_state:
            return None, field_name, False
        if self.env_vars.get(variable.lower()):
            raise Misconfigured(f"{variable} and {variable}_FILE are both given: unset one", code="setting-twice")
        held = SecretFile(Path(path), f"{variable}_FILE")
        is_text = get_args(field.annotation)[:1] == (SecretStr,) and type(None) in get_args(field.annotation)
        return held if is_text else held.get_secret_value(), field_name, False


def sources(
    given: PydanticBaseSettingsSource, environment: PydanticBaseSettingsSource, file: PydanticBaseSettingsSource
) -> tuple[PydanticBaseSettingsSource, ...]:
    """Where settings come from, what wins first: what was *given*, files of secrets, the *environment*, the ``.env`` *file*."""
    if isinstance(environment, EnvSettingsSource) and isinstance(file, EnvSettingsSource):
        return given, SecretFiles(environment, file), environment, file
    return given, environment, file
