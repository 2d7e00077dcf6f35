"""Package URLs, however they are spelled."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evistore.delivery.purl import base, canonical, is_purl
from fixtures.shared import require_shared, shared_files

SPELLINGS = [
    ("pkg:npm/%40acme/shop@1.2.0", "pkg:npm/%40acme/shop@1.2.0", "pkg:npm/%40acme/shop"),
    ("pkg:npm/@acme/shop@1.2.0", "pkg:npm/%40acme/shop@1.2.0", "pkg:npm/%40acme/shop"),
    ("PKG:npm/shop@1.2.0", "pkg:npm/shop@1.2.0", "pkg:npm/shop"),
    ("pkg://NPM/shop@1.2.0", "pkg:npm/shop@1.2.0", "pkg:npm/shop"),
    ("pkg:oci/shop@sha256:0b31b1", "pkg:oci/shop@sha256:0b31b1", "pkg:oci/shop"),
    ("pkg:oci/shop@sha256%3A0b31b1", "pkg:oci/shop@sha256:0b31b1", "pkg:oci/shop"),
    (
        "pkg:oci/shop@1?tag=latest&repository_url=ghcr.io/acme",
        "pkg:oci/shop@1?repository_url=ghcr.io/acme&tag=latest",
        "pkg:oci/shop",
    ),
    (
        "pkg:golang/github.com/acme/shop@v1#cmd/shop",
        "pkg:golang/github.com/acme/shop@v1#cmd/shop",
        "pkg:golang/github.com/acme/shop",
    ),
    ("pkg:maven/org.acme/shop", "pkg:maven/org.acme/shop", "pkg:maven/org.acme/shop"),
]


@pytest.mark.parametrize(("text", "one_spelling", "package"), SPELLINGS)
def test_a_package_url_has_one_spelling_and_one_base(text, one_spelling, package):
    assert is_purl(text)
    assert canonical(text) == one_spelling
    assert canonical(one_spelling) == one_spelling
    assert base(text) == base(one_spelling) == package


def test_the_registry_tells_artifacts_apart_but_not_their_packages():
    here, there = (f"pkg:oci/shop@1?repository_url={registry}" for registry in ("ghcr.io/acme", "quay.io/acme"))
    assert canonical(here) != canonical(there)
    assert base(here) == base(there)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "shop-1.0.whl",
        "sha256:0b31",
        "npm/shop@1",
        "pkg:1x/shop",
        "pkg:n m/a",
        "pkg:npm/a?b",
    ],
)
def test_what_is_no_package_url_has_neither(text):
    assert not is_purl(text)
    assert canonical(text) is None
    assert base(text) is None


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="pkg:/@?#&=%npm1. ", max_size=30).map("pkg:".__add__))
def test_a_text_is_a_package_url_exactly_when_it_has_a_spelling(text):
    assert is_purl(text) == (canonical(text) is not None)


def test_every_artifact_of_the_official_examples_is_a_package_url():
    require_shared()
    contents = [
        json.loads(path.read_text())["subject"]["content"] for path in shared_files("cdevents/examples/*/*.json")
    ]
    ids = [content["artifactId"] for content in contents if "artifactId" in content]
    assert len(ids) > 50
    assert all(map(is_purl, ids))
