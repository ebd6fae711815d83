namespace Latchkey.Storage.Vending;

/// <summary>The tables of key-change programmes.</summary>
internal static class ProgrammeSchema
{
    public static RoomSchema Room { get; } = new("programmes", new Migration(1, "key-change programmes", """
        CREATE TABLE rollover_programme (
            no INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            document TEXT NOT NULL, state INTEGER NOT NULL, at INTEGER NOT NULL,
            to_krn INTEGER NOT NULL, to_ken INTEGER NOT NULL, to_base_year INTEGER NOT NULL,
            counted_after INTEGER NOT NULL, counted_through INTEGER NOT NULL, counted_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE rollover_event (
            programme INTEGER NOT NULL, no INTEGER NOT NULL,
            at INTEGER NOT NULL, act INTEGER NOT NULL, first TEXT NOT NULL, second TEXT, reason TEXT,
            PRIMARY KEY (programme, no)
        ) WITHOUT ROWID, STRICT;
        CREATE TRIGGER rollover_event_is_final BEFORE UPDATE ON rollover_event BEGIN SELECT RAISE(ABORT, 'what people did is not rewritten'); END;
        CREATE TRIGGER rollover_event_stays BEFORE DELETE ON rollover_event BEGIN SELECT RAISE(ABORT, 'what people did is not rewritten'); END;

        CREATE TABLE rollover_forecast (
            programme INTEGER NOT NULL, day INTEGER NOT NULL, changed INTEGER NOT NULL,
            PRIMARY KEY (programme, day)
        ) WITHOUT ROWID, STRICT;

        CREATE TABLE rollover_meter (
            pan INTEGER NOT NULL, programme INTEGER NOT NULL,
            cohort INTEGER NOT NULL, state INTEGER NOT NULL, dark_at INTEGER NOT NULL, dark_reason INTEGER NOT NULL,
            planned_on INTEGER, issued_on INTEGER, proven_on INTEGER, code TEXT,
            PRIMARY KEY (pan, programme)
        ) WITHOUT ROWID, STRICT;

        -- What is next in a cohort, the soonest dark first.
        CREATE INDEX rollover_meter_next ON rollover_meter (programme, cohort, state, dark_at, pan);
        CREATE INDEX rollover_meter_state ON rollover_meter (programme, state, pan);
        CREATE INDEX rollover_meter_begun ON rollover_meter (programme, cohort, planned_on) WHERE planned_on IS NOT NULL;
        CREATE INDEX rollover_meter_dark ON rollover_meter (programme, dark_at, pan) WHERE state IN (1, 2, 3, 6);
        """));
}
