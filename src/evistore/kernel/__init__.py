"""The foundation: faults, settings, database, schema, messages. It knows no evidence."""
