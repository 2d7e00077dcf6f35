-- cdviz.event_type: the parts of a CDEvents type; all null when it is none.
-- 'dev.cdevents.pipelineRun.started.0.2.0-draft' → ('pipelinerun', 'started', '[0:2]={0,2,0}')
CREATE OR REPLACE FUNCTION cdviz.event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer [])
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
AS $$
DECLARE
    part text[] := string_to_array(lower(p_type), '.');
    patch text := split_part(coalesce(part[7], '0'), '-', 1);
    minor text := split_part(part[6], '-', 1);
BEGIN
    IF part[1] = 'dev' AND part[2] IN ('cdevents', 'cdeventsx') AND part[3] <> '' AND part[4] <> ''
        AND octet_length(part[3]) <= 600 AND octet_length(part[4]) <= 300 -- an index holds them, beside an id of 2000
        AND length(part[5]) < 9 AND length(minor) < 9 AND length(patch) < 9
        AND part[5] || minor || patch ~ '^[0-9]+$' AND part[5] <> '' AND minor <> '' AND patch <> ''
    THEN
        subject := part[3];
        predicate := part[4];
        version := ('[0:2]={' || part[5] || ',' || minor || ',' || patch || '}')::integer[];
    END IF;
END
$$;

COMMENT ON FUNCTION cdviz.event_type(text) IS
'The parts of a CDEvents type, lower case; version counts from subscript 0, and what follows a dash is cut. All null when the text is no CDEvents type with a version, or a name in it is longer than an index can hold (600 bytes; 300 for the predicate).';
