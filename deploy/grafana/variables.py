"""Template variables: what a reader of a dashboard can choose."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

POSTGRESQL = "grafana-postgresql-datasource"
SOURCE: Json = {"type": POSTGRESQL, "uid": "${datasource}"}
ANY = "'*'"
"""What `${name:sqlstring}` becomes when All is chosen: Grafana puts it into the text as it stands."""


def datasource() -> Json:
    """Which PostgreSQL is asked."""
    return {
        "type": "datasource",
        "name": "datasource",
        "label": "Database",
        "query": POSTGRESQL,
        "regex": "",
        "refresh": 1,
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "current": {},
        "options": [],
    }


def evistore(address: str) -> Json:
    """Where links lead; hidden, and changed by `var-evistore=` in the address or by making the dashboards anew."""
    value = {"text": address, "value": address, "selected": True}
    return {
        "type": "textbox",
        "name": "evistore",
        "label": "Evistore",
        "query": address,
        "hide": 2,
        "current": value,
        "options": [value],
    }


def asked(name: str, label: str, sql: str, about: str, *, several: bool = False, everything: bool = True) -> Json:
    """A choice among what a query finds in the time range: one or *several*, and, with *everything*, all of them."""
    variable: Json = {
        "type": "query",
        "name": name,
        "label": label,
        "description": about,
        "datasource": SOURCE,
        "definition": sql,
        "query": sql,
        "refresh": 2,
        "regex": "",
        "sort": 0,
        "multi": several,
        "includeAll": everything,
        "hide": 0,
        "options": [],
        "current": {},
    }
    if everything:
        chosen = ["$__all"] if several else "$__all"
        variable |= {
            "allValue": ANY,
            "current": {"text": ["All"] if several else "All", "value": chosen, "selected": True},
        }
    return variable


def fixed(name: str, label: str, choices: dict[str, str], about: str) -> Json:
    """A choice among *choices*, names by value; the first is chosen."""
    options = [
        {"text": text, "value": value, "selected": number == 0} for number, (value, text) in enumerate(choices.items())
    ]
    return {
        "type": "custom",
        "name": name,
        "label": label,
        "description": about,
        "query": ", ".join(f"{text} : {value}" for value, text in choices.items()),
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "current": options[0],
        "options": options,
    }


def bucket() -> Json:
    """What lines and bars are made of."""
    return fixed("bucket", "By", {"week": "week", "day": "day", "month": "month"}, "Parts of the time range, in UTC.")
