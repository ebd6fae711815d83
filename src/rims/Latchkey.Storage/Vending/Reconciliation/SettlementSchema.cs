namespace Latchkey.Storage.Vending;

/// <summary>The tables of booked settlement files, in the file of the ledger.</summary>
public static class SettlementSchema
{
    public static RoomSchema Room { get; } = new("settlements", new Migration(
        1,
        "settlement files, their lines, what two people took out of suspense",
        """
        CREATE TABLE settle_paper (
            no INTEGER PRIMARY KEY, channel TEXT NOT NULL, id TEXT NOT NULL, fingerprint TEXT NOT NULL,
            from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, lines INTEGER NOT NULL, known INTEGER NOT NULL, kept_at INTEGER NOT NULL,
            UNIQUE (channel, id)
        ) STRICT;

        CREATE TABLE settle_line (
            channel TEXT NOT NULL, id TEXT NOT NULL, paper TEXT NOT NULL,
            kind INTEGER NOT NULL, reference TEXT NOT NULL, minor_units INTEGER NOT NULL, currency TEXT NOT NULL, fee INTEGER NOT NULL, at INTEGER NOT NULL,
            bank INTEGER, booked_fee INTEGER, suspense INTEGER,
            PRIMARY KEY (channel, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX settle_line_unposted ON settle_line (channel, paper, id) WHERE suspense IS NULL;
        CREATE INDEX settle_line_paper ON settle_line (channel, paper);
        CREATE INDEX settle_line_suspense ON settle_line (channel, reference) WHERE suspense <> 0;
        CREATE TRIGGER settle_line_is_final BEFORE UPDATE ON settle_line
            WHEN old.suspense IS NOT NULL OR (new.channel, new.id, new.paper, new.kind, new.reference, new.minor_units, new.currency, new.fee, new.at)
                IS NOT (old.channel, old.id, old.paper, old.kind, old.reference, old.minor_units, old.currency, old.fee, old.at)
            BEGIN SELECT RAISE(ABORT, 'a settled line is final'); END;

        CREATE TABLE settle_act (
            approval BLOB PRIMARY KEY CHECK (length(approval) = 16),
            channel TEXT NOT NULL, reference TEXT NOT NULL, currency TEXT NOT NULL, suspense INTEGER NOT NULL, at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX settle_act_reference ON settle_act (channel, reference);
        """));
}
