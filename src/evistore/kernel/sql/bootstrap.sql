-- What must stand before the first migration: roles, schemas, the ledger. Idempotent, and safe when many start at once.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('cdviz', 'LOGIN', 'owner of the evidence: tables, functions, jobs'),
            ('cdviz_collector', 'NOLOGIN', 'may call the store functions of cdviz and nothing else'),
            ('cdviz_reader', 'NOLOGIN', 'may read the views, the lake and the graph of cdviz'),
            ('clusters_writer', 'NOLOGIN', 'may call the functions of clusters that store and settle, and nothing else'),
            ('clusters_reader', 'NOLOGIN', 'may read the cluster evidence: public, dvo and clusters'),
            ('evistore_service', 'NOLOGIN', 'the program itself: it writes and reads all evidence, quarantine and consumer positions')
        ) AS roles (name, login, meaning)
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
                -- TimescaleDB starts its policies as the owner of the hypertable, so that owner must be able to log in; it has no password.
                EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.login);
                EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, wanted.meaning);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- roles belong to the whole server: a migration of another database was first
        END;
    END LOOP;

    BEGIN
        IF NOT pg_has_role(current_user, 'cdviz', 'MEMBER') THEN
            GRANT cdviz TO current_user;
        END IF;
        IF NOT pg_has_role('evistore_service', 'cdviz_collector', 'MEMBER') THEN
            GRANT cdviz_collector TO evistore_service;
        END IF;
        IF NOT pg_has_role('evistore_service', 'cdviz_reader', 'MEMBER') THEN
            GRANT cdviz_reader TO evistore_service;
        END IF;
        IF NOT pg_has_role('evistore_service', 'clusters_writer', 'MEMBER') THEN
            GRANT clusters_writer TO evistore_service;
        END IF;
        IF NOT pg_has_role('evistore_service', 'clusters_reader', 'MEMBER') THEN
            GRANT clusters_reader TO evistore_service;
        END IF;
    EXCEPTION WHEN unique_violation OR internal_error THEN
        NULL; -- the same, at the same moment ("tuple concurrently updated")
    END;
END
$$;

DO $$
BEGIN
    IF NOT has_database_privilege('cdviz', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO cdviz', current_database());
    END IF;
    IF NOT has_schema_privilege('cdviz', 'public', 'CREATE') THEN
        GRANT CREATE ON SCHEMA public TO cdviz;
    END IF;
    -- A search_path set on a role does not reach its members; one set on the database reaches every login.
    IF NOT EXISTS (
        SELECT FROM pg_db_role_setting AS s
          JOIN pg_database AS d ON d.oid = s.setdatabase
         WHERE d.datname = current_database() AND s.setrole = 0 AND EXISTS (SELECT FROM unnest(s.setconfig) AS c WHERE c LIKE 'search_path=%cdviz%')
    ) THEN
        EXECUTE format('ALTER DATABASE %I SET search_path = "$user", public, cdviz', current_database());
    END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS evistore AUTHORIZATION cdviz;
COMMENT ON SCHEMA evistore IS 'The kernel of Evistore: ledger of migrations, quarantine, consumer positions.';
CREATE SCHEMA IF NOT EXISTS cdviz AUTHORIZATION cdviz;
COMMENT ON SCHEMA cdviz IS 'Delivery evidence: the lake of CDEvents, its projections, views, graph and metrics.';

CREATE TABLE IF NOT EXISTS evistore.migration (
    number integer PRIMARY KEY,
    context text NOT NULL,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    serves_from integer
);
COMMENT ON TABLE evistore.migration IS 'One row per migration that stands in this database.';
COMMENT ON COLUMN evistore.migration.number IS 'Number of the migration; they run in this order.';
COMMENT ON COLUMN evistore.migration.context IS 'The part of the program it belongs to: kernel, delivery, clusters.';
COMMENT ON COLUMN evistore.migration.name IS 'What it is about, as in its file name.';
COMMENT ON COLUMN evistore.migration.applied_at IS 'When it ran here.';
COMMENT ON COLUMN evistore.migration.serves_from IS
'Number of the migration that a program has to know to work with the schema from here on: older programs may not. Null: it changes nothing about that.';

CREATE TABLE IF NOT EXISTS evistore.definition (
    context text PRIMARY KEY,
    fingerprint text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    release text NOT NULL DEFAULT '',
    objects jsonb NOT NULL DEFAULT '{}'
);

-- Whoever alters the ledger locks out programs that ask whether they are ready: only where it is needed.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'evistore.migration'::regclass AND attname = 'serves_from') THEN
        ALTER TABLE evistore.migration ADD COLUMN serves_from integer;
        ALTER TABLE evistore.definition ADD COLUMN release text NOT NULL DEFAULT '', ADD COLUMN objects jsonb NOT NULL DEFAULT '{}';
    END IF;
    IF EXISTS (
        SELECT FROM pg_class
         WHERE oid IN ('evistore.migration'::regclass, 'evistore.definition'::regclass) AND relowner <> 'cdviz'::regrole
    ) THEN
        ALTER TABLE evistore.migration OWNER TO cdviz;
        ALTER TABLE evistore.definition OWNER TO cdviz;
    END IF;
END
$$;
COMMENT ON TABLE evistore.definition IS 'Which text of functions, views, triggers and storage stands in this database, per context.';
COMMENT ON COLUMN evistore.definition.context IS 'The part of the program.';
COMMENT ON COLUMN evistore.definition.fingerprint IS 'SHA-256 over the files that were run.';
COMMENT ON COLUMN evistore.definition.applied_at IS 'When they were run last.';
COMMENT ON COLUMN evistore.definition.release IS 'Version of the program whose text it is: an older one leaves it as it is.';
COMMENT ON COLUMN evistore.definition.objects IS 'SHA-256 of the text of each function, procedure, view and trigger, by kind and name: only what changed is run again.';
-- The program asks whether the schema is the one it was made for.
GRANT USAGE ON SCHEMA evistore TO evistore_service;
GRANT SELECT ON evistore.migration, evistore.definition TO evistore_service;
