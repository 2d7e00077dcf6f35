-- Runs of pipelines, tasks, test suites and test cases.

-- name: statistics
SELECT s.key, s.name, s.p50_seconds, s.p80_seconds, s.p95_seconds, s.queue_p50_seconds, s.queue_p80_seconds, s.queue_p95_seconds, s.queued,
       s.failure_rate, s.passed, s.failed, s.cancelled, s.last_finished_at, s.items, s.unexplained, s.reasons
  FROM cdviz.run_statistics(
    %(subject)s::text, %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(name)s::text,
    %(limit)s::int
  ) AS s

-- name: trend
SELECT t.bucket, t.p50_seconds, t.p80_seconds, t.p95_seconds, t.queue_p50_seconds, t.failure_rate, t.passed, t.failed, t.cancelled,
       t.items, t.unexplained, t.reasons
  FROM cdviz.run_trend(
    %(subject)s::text, %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(name)s::text,
    %(bucket)s::text
  ) AS t

-- name: runs
SELECT r.subject_id, r.key, r.name, r.environment_id, r.source, r.queued_at, r.started_at, r.finished_at, r.outcome, r.class AS verdict,
       r.seconds, r.queue_seconds, r.reason
  FROM cdviz.runs(
    %(subject)s::text, %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(name)s::text
  ) AS r
 LIMIT %(limit)s::int

-- name: flaky
SELECT f.key, f.name, f.flaky_rate, f.flaky, f.failed, f.runs, f.last_failed_at, f.sample_ids, f.items, f.unexplained, f.reasons
  FROM cdviz.flaky_tests(%(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(subject)s::text) AS f
 LIMIT %(limit)s::int

-- name: stuck
SELECT s.subject, s.subject_id, s.name, s.environment_id, s.source, s.queued_at, s.started_at, s.since, s.seconds, s.last_position
  FROM cdviz.stuck_runs(
    %(after)s::interval, coalesce(%(since)s::timestamptz, '-infinity'), %(until)s::timestamptz, %(environment)s::text, %(source)s::text, %(subject)s::text
  ) AS s
 LIMIT %(limit)s::int

-- name: silent
SELECT s.source, s.silent, s.reason, s.last_day, s.quiet_days, s.longest_pause_days, s.active_days, s.events
  FROM cdviz.silent_sources(%(at)s::timestamptz, %(look_back)s::interval) AS s
