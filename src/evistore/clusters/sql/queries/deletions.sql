-- Clusters and organisations that go with all that hangs on them.

-- name: delete_clusters
SELECT outcome, owner FROM clusters.delete_clusters(%(clusters)s::text[], %(caller)s::bigint)

-- name: delete_organizations
SELECT clusters.delete_organizations(%(org_ids)s::bigint[])
