-- How the projections are made anew from the lake.

-- name: become_owner
SET LOCAL ROLE cdviz

-- name: begin
-- Writers wait until it is done. The helper table has the columns of the lake and its trigger, and keeps nothing.
LOCK TABLE cdviz.cdevents_lake IN SHARE ROW EXCLUSIVE MODE

-- name: clear
-- What has no event in the lake any more cannot be made again: it stays.
SELECT cdviz.clear_projections()

-- name: make_helper
CREATE UNLOGGED TABLE cdviz.replayed_event (LIKE cdviz.cdevents_lake)

-- name: arm_helper
CREATE TRIGGER replayed_event_projection
AFTER INSERT ON cdviz.replayed_event
REFERENCING NEW TABLE AS new_events
FOR EACH STATEMENT EXECUTE FUNCTION cdviz.project_events()

-- name: window
-- Where the next ten thousand events end; null: at the last one.
SELECT l."timestamp"
  FROM cdviz.cdevents_lake AS l
 WHERE l."timestamp" > %(after)s::timestamptz
 ORDER BY l."timestamp"
OFFSET 10000 LIMIT 1

-- name: replay
INSERT INTO cdviz.replayed_event
SELECT l.*
  FROM cdviz.cdevents_lake AS l
 WHERE l."timestamp" > %(after)s::timestamptz AND l."timestamp" <= coalesce(%(upto)s::timestamptz, 'infinity')
 ORDER BY l."timestamp", l.position

-- name: empty_helper
TRUNCATE cdviz.replayed_event

-- name: drop_helper
DROP TABLE cdviz.replayed_event
