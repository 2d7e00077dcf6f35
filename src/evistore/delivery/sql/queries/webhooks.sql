-- Webhooks: added, looked at and removed by people; claimed, advanced and postponed by those who deliver.

-- name: add
SELECT cdviz.add_webhook(
       %(name)s::text, %(url)s::text, %(secret)s::text, %(position)s::bigint, %(batch)s::int, %(subjects)s::text[], %(predicates)s::text[],
       %(sources)s::text[], %(environments)s::text[], %(services)s::text[]
)

-- name: every
SELECT w.name, w.host, w.subjects, w.predicates, w.sources, w.environments, w.services, w.batch, w.state, w.after_position, w.behind, w.delivered,
       w.delivered_at, w.failures, w.failing_since, w.next_try_at, w.last_status, w.last_answer, w.created_at, w.created_by
  FROM cdviz.webhooks AS w
 WHERE %(name)s::text IS NULL OR w.name = %(name)s::text
 ORDER BY w.name

-- name: target
SELECT t.url, t.secret FROM cdviz.webhook_target(%(name)s::text) AS t

-- name: remove
SELECT cdviz.remove_webhook(%(name)s::text)

-- name: pause
SELECT cdviz.pause_webhook(%(name)s::text)

-- name: resume
SELECT cdviz.resume_webhook(%(name)s::text, %(skip)s::boolean)

-- name: settle
SELECT cdviz.settle_webhooks()

-- name: claim
SELECT c.name, c.url, c.secret, c.subjects, c.predicates, c.sources, c.environments, c.services, c.batch, c.xid::text, c.position, c.failures
  FROM cdviz.claim_webhooks(%(claim)s::uuid, make_interval(secs => %(lease)s::float8), %(most)s::int, %(failing)s::boolean) AS c

-- name: advance
SELECT cdviz.advance_webhook(
       %(name)s::text, %(claim)s::uuid, %(xid)s::xid8, %(position)s::bigint, %(events)s::int, %(status)s::int,
       make_interval(secs => %(lease)s::float8)
)

-- name: postpone
SELECT cdviz.postpone_webhook(
       %(name)s::text, %(claim)s::uuid, %(status)s::int, %(answer)s::text, make_interval(secs => %(wait)s::float8), %(disable)s::boolean
)

-- name: leave
SELECT cdviz.leave_webhook(%(name)s::text, %(claim)s::uuid)
