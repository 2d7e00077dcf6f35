"""What stands under what in the navigation of the site, and which pages come from outside of docs/."""

from __future__ import annotations

# Caption: pages, without .md, in their order; a pattern brings all that match and are not named already.
SECTIONS = {
    "Begin": ["tutorial"],
    "How to": [
        "how-to/send-with-curl",
        "how-to/github-actions",
        "how-to/gitlab-ci",
        "how-to/jenkins",
        "how-to/argo-cd",
        "how-to/tekton",
        "how-to/cdviz-collector",
        "how-to/kafka",
        "how-to/adopt-a-database",
        "how-to/dora-metrics",
        "how-to/custom-view",
        "how-to/grafana-panel",
        "how-to/chat",
        "how-to/*",
    ],
    "Concepts": ["architecture", "concepts/write-path", "concepts/*"],
    "Operate": [
        "operate/postgresql",
        "operate/containers",
        "operate/kubernetes",
        "operate/security",
        "operate/upgrade",
        "operate/kafka",
        "operate/grafana",
        "operate/webhooks",
        "operate/clusters",
        "operate/doctor",
        "operate/backup",
        "operate/replicas",
        "operate/*",
    ],
    "Reference": [
        "reference/cli",
        "reference/settings",
        "reference/errors",
        "reference/schema/README",
        "reference/rest-delivery",
        "reference/rest-clusters",
        "reference/prometheus",
        "reference/*",
    ],
    "Project": ["decisions/README", "changelog", "contributing"],
}

# Pages that stand above all others of their folder, and whether they list them.
FOLDERS = {"decisions/README": True, "reference/schema/README": False}

# Pages of the site whose text stands at the root of the repository.
BORROWED = {"changelog": "CHANGELOG.md", "contributing": "CONTRIBUTING.md"}

# Where links to these lead on the site.
PLACES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
