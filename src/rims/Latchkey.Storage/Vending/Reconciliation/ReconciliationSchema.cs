namespace Latchkey.Storage.Vending;

/// <summary>The tables of the reconciliation, in the file of the ledger.</summary>
public static class ReconciliationSchema
{
    public static RoomSchema Room { get; } = new("reconciliation", new Migration(
        1,
        "findings, settlement files, meters' own totals",
        """
        CREATE TABLE recon_run (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, found INTEGER NOT NULL, new INTEGER NOT NULL, cleared INTEGER NOT NULL, open INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE recon_item (
            number INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL,
            problem TEXT NOT NULL, since INTEGER NOT NULL, amount INTEGER, unit TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, run INTEGER NOT NULL,
            owner TEXT NOT NULL, explanation TEXT, explained_by TEXT, cleared_at INTEGER,
            UNIQUE (kind, code, subject)
        ) STRICT;
        CREATE INDEX recon_item_standing ON recon_item (since) WHERE cleared_at IS NULL;

        CREATE TABLE recon_settled (
            channel TEXT NOT NULL, kind INTEGER NOT NULL, reference TEXT NOT NULL,
            minor_units INTEGER NOT NULL, currency TEXT NOT NULL, fee INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (channel, kind, reference)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE recon_covered (
            channel TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, PRIMARY KEY (channel, from_at, to_at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE recon_meter (pan INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, consumed INTEGER, at INTEGER NOT NULL) STRICT;
        """), new Migration(2, "makers' statements", """
        CREATE TABLE recon_stated (
            make TEXT NOT NULL, token_hash BLOB NOT NULL CHECK (length(token_hash) = 32), kind INTEGER NOT NULL, pan INTEGER NOT NULL,
            tenths INTEGER NOT NULL CHECK (tenths >= 0), at INTEGER NOT NULL, tail TEXT NOT NULL, times INTEGER NOT NULL CHECK (times > 0),
            PRIMARY KEY (make, token_hash)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recon_stated_at ON recon_stated (make, at);

        CREATE TABLE recon_stated_stretch (
            make TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, PRIMARY KEY (make, from_at, to_at)
        ) STRICT, WITHOUT ROWID;
        """));
}
