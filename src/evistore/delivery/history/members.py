"""Members of events as text: links between events, references to other subjects."""


def path(cause: str) -> str:
    """The event follows from *cause*, or from nothing known when that is empty."""
    if not cause:
        return ""
    return f',"links":[{{"linkType":"PATH","from":{{"contextId":"{cause}"}}}}]'


def end(cause: str) -> str:
    """The event follows from *cause* and nothing follows from it."""
    return f',"links":[{{"linkType":"END","from":{{"contextId":"{cause}"}}}}]'


def relation(kind: str, target: str) -> str:
    """The event stands in the relation *kind* to the event *target*."""
    return f',"links":[{{"linkType":"RELATION","linkKind":"{kind}","target":{{"contextId":"{target}"}}}}]'


def path_and_relation(cause: str, kind: str, target: str) -> str:
    """The event follows from *cause*, and also stands in a relation to *target*."""
    return (
        f',"links":[{{"linkType":"PATH","from":{{"contextId":"{cause}"}}}},'
        f'{{"linkType":"RELATION","linkKind":"{kind}","target":{{"contextId":"{target}"}}}}]'
    )


def collected(kind: str, subject_type: str, subject: str) -> str:
    """A link in `customData`, in the shape the collector writes; for producers whose version knows no links."""
    return (
        f',"customData":{{"links":[{{"linkKind":"{kind}",'
        f'"target":{{"subject":{{"type":"{subject_type}","id":"{subject}"}}}}}}]}}'
    )


def collected_before(kind: str, subject_type: str, subject: str) -> str:
    """A link in `customData` in the older, flat shape."""
    return f',"customData":{{"links":[{{"linkkind":"{kind}","subject":{{"id":"{subject}","type":"{subject_type}"}}}}]}}'


def reference(name: str, subject: str, source: str = "") -> str:
    """A member *name* that refers to another subject, without comma."""
    told = f',"source":"{source}"' if source else ""
    return f'"{name}":{{"id":"{subject}"{told}}}'
